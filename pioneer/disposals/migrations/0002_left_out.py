"""Members left out of the count of a meeting; a name in who took part gives way to the mark of an erasure."""

import django.db.models.deletion
from django.db import migrations, models

from pioneer.kernel.triggers import Changed, frozen, frozen_again, rewritten

OVER = "OLD.state IN ('approved', 'not_adopted', 'sent_back')"
VOTE = ("with_vote", "present", "in_favour", "against", "abstained", "left_out")


def finding(changed: Changed) -> str:
    """What was proposed, how it was voted and what was decided stays; texts may go, and are not rewritten."""
    return " OR ".join(
        (
            changed("member_id", "branch_id", "result_id", "first_on", "last_on", "score", "tier_name"),
            changed("proposed_on", "proposed_by_number", "answer_until"),
            f"(OLD.met_on IS NOT NULL AND {changed('met_on', *VOTE, 'met_by_number', 'statement_on')})",
            f"({OVER} AND {changed('state', 'decided_on', 'decided_by_number')})",
            f"({changed('causes')} AND NEW.causes <> '[]')",
            *(f"({changed(text)} AND OLD.{text} <> '' AND NEW.{text} <> '')" for text in ("statement", "remarks")),
        )
    )


def step_text(changed: Changed) -> str:
    """Emptied all together, or a name taken out of who took part."""
    emptied = " AND ".join(f"NEW.{text} = ''" for text in ("people", "content", "opinion", "document"))
    rest = changed("content", "opinion", "document", "erased_at")
    return f"{changed('step_id')} OR ({rest} AND NOT ({emptied})) OR {rewritten(changed, 'people')}"


def answer(changed: Changed) -> str:
    by = rewritten(changed, '"by"')
    return f"{changed('member_id')} OR ({changed('reason')} AND NEW.reason <> '') OR {by}"


def left_out(changed: Changed) -> str:
    texts = " OR ".join(f"({changed(text)} AND NEW.{text} <> '')" for text in ("ground", "note", "consent"))
    return f"{changed('step_id', 'finding_id', 'member_id', 'by_number', 'created_at')} OR {texts}"


class Migration(migrations.Migration):
    dependencies = [("disposals", "0001_initial")]
    operations = [
        migrations.AddField("finding", "left_out", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("step", "left_out", models.PositiveSmallIntegerField(null=True)),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(blank=True, choices=[
                    ("unable", "患有精神病或其他疾病，不能表达本人意志"),
                    ("abroad", "自费出国半年以上"),
                    ("serving", "未受留党察看以上党纪处分，正在服刑"),
                    ("bedridden", "年老体弱卧床不起，或长期生病生活不能自理"),
                    ("away", "调动、下派、外出学习或工作半年以上，应转而没有转组织关系"),
                ], max_length=10)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("consent", models.CharField(blank=True, max_length=120)),
                ("by_number", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                ("finding", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="not_counted", to="disposals.finding")),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.member")),
                ("step", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="not_counted", to="disposals.step")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("step", "member"), name="left_out_of_step_once"),
                    models.UniqueConstraint(fields=("finding", "member"), name="left_out_of_finding_once"),
                    models.CheckConstraint(condition=models.Q(models.Q(("finding__isnull", False), ("step__isnull", True)), models.Q(("finding__isnull", True), ("step__isnull", False)), _connector="OR"), name="left_out_of_one_meeting"),
                    models.CheckConstraint(condition=models.Q(("erased_at__isnull", False), models.Q(("ground", ""), ("note", ""), ("consent", ""), _connector="OR", _negated=True), _connector="OR"), name="left_out_with_ground"),
                ],
            },
        ),
        frozen("disposals_leftout", "who was not counted stands, its texts are only erased", left_out),
        frozen_again("disposals_finding", "a finding keeps what was decided", finding),
        frozen_again("disposals_steptext", "a text of a case is erased, never edited", step_text),
        frozen_again("disposals_exemptionanswer", "an answer is erased, never edited", answer),
    ]
