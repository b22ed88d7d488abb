"""格式总表·指标: the keys of an indicator, of its value in every shape, of its steps and multipliers."""

from __future__ import annotations

from pioneer.scoring.schema_kinds import (
    CLAUSE,
    PROVENANCE,
    PROVENANCES,
    Key,
    Shape,
    choice,
    code,
    flag,
    note,
    points,
    refer,
    text,
    whole,
    words_of,
)

MOST_BACK = 120

# ---------------------------------------------------------------- values

_BY_TRACK = Key(
    "by_track",
    "points_by_track",
    "分类别分值",
    "所列类别用这里的分值，其余类别用“分值”。",
    required=False,
    unit="分",
)
_UNIT = text("unit", "计量单位", "数量的单位，如“小时”“户”“元”，依据里照此写出。")
_WHOLE = flag("whole", "只收整数", "数量是否必须为整数。")
_MAX_ONCE = points("max", "一次最多", "一次最多计多少分；不写则不限。", required=False, positive=True)

LADDER_STEP = (
    code("级别编号"),
    text("name", "级别名称", "级别的名称，如“区”。"),
    points("points", "该级分值", "达到这一级计多少分，由低到高逐级升高。", positive=True),
    Key("aliases", "words", "别名", "申报时也可以写的其他叫法。", required=False),
)
QUANTITY_STEP = (
    points("from", "起点", "数量达到多少起按这一档。", unit=""),
    points("points", "该档分值", "这一档计多少分，逐档升高。"),
)
_LADDER_STEPS = Key("steps", "rows", "级别", "由低到高的各级。", keys=LADDER_STEP)
_QUANTITY_STEPS = Key("steps", "rows", "档次", "由小到大的各档。", keys=QUANTITY_STEP)

_SHAPES = (
    Shape(
        "fixed",
        "每次固定",
        "每次计同样的分。",
        (points("points", "分值", "每次计多少分。", positive=True), _BY_TRACK),
    ),
    Shape(
        "per_unit",
        "按数量",
        "数量乘以每单位分值，四舍五入到百分位。",
        (
            points("points", "分值", "每单位计多少分。", positive=True),
            _BY_TRACK,
            _UNIT,
            _WHOLE,
            points("default", "默认数量", "没有写数量时按多少计。", required=False, positive=True, unit=""),
            _MAX_ONCE,
        ),
    ),
    Shape(
        "range",
        "幅度内裁定",
        "由支部在最低与最高之间裁定，并写明理由。",
        (
            points("min", "最低", "最少裁定多少分，含本数。"),
            points("max", "最高", "最多裁定多少分，含本数，须大于最低。", positive=True),
        ),
    ),
    Shape("ladder", "按级别", "按级别计分；同一荣誉的几个级别算同一件事。", (_LADDER_STEPS,)),
    Shape("brackets", "按数量分档", "按数量落在哪一档计分，不到第一档计0分。", (_UNIT, _WHOLE, _QUANTITY_STEPS)),
    Shape("cumulative", "按累计分档", "按周期内累计数量计分，升档时计差额。", (_UNIT, _WHOLE, _QUANTITY_STEPS)),
    Shape(
        "nth",
        "按次数递进",
        "周期内第一次、第二次、第三次……各计多少，末项用于以后各次。",
        (
            Key("points", "points_list", "各次分值", "依次写出各次的分值，末项用于以后各次。", unit="分"),
            whole(
                "back_months", "往前数的月数", "跨周期往前数多少个月的次数；不写则只数本周期。", 1, MOST_BACK,
                required=False, unit="个月",
            ),
        ),
    ),
    Shape(
        "shortfall",
        "按差额扣分",
        "应达数量减去实际数量，乘以每单位分值，最少为0；实际数量可以为0。",
        (
            points("required", "应达数量", "应当达到的数量。", positive=True, unit=""),
            points("points", "分值", "每差一个单位扣多少分。", positive=True),
            _UNIT,
            _WHOLE,
            _MAX_ONCE,
        ),
        ("reverse",),
    ),
    Shape("to_floor", "扣至分池底分", "把所在分池一期内能扣的分全部扣完。", (), ("reverse",)),
)  # fmt: skip
SHAPES: dict[str, Shape] = {shape.name: shape for shape in _SHAPES}
SHAPES_BY_INDEX: dict[str, tuple[Shape, ...]] = {
    index: tuple(shape for shape in _SHAPES if index in shape.indices) for index in ("positive", "reverse")
}
SHAPE_KEY = choice(
    "shape", "分值形式", "一次的分值怎样得出。", words_of(**{shape.name: shape.label for shape in _SHAPES})
)

# ---------------------------------------------------------------- caps and multipliers

WINDOWS: tuple[tuple[str, str], ...] = (
    ("day", "每日上限"),
    ("week", "每周上限"),
    ("month", "每月上限"),
    ("quarter", "每季度上限"),
    ("year", "每年上限"),
    ("cycle", "每周期上限"),
)
_WINDOW_NOTES = {"cycle": "与每年上限是同一时段，只能写一个。", "week": "一周从周一起，到月末为止。"}
CAP_KEYS = tuple(
    points(
        name, label, f"{label}多少分；不写则不限。{_WINDOW_NOTES.get(name, '')}", required=False, positive=True
    )
    for name, label in WINDOWS
)  # fmt: skip


def caps(label: str, meaning: str, required: bool = False) -> Key:
    """封顶."""
    return Key("caps", "points_by_window", label, meaning, required=required, keys=CAP_KEYS)


MULTIPLIER = (
    code("情形编号"),
    text("name", "情形名称", "什么情形下加倍，如“市级媒体报道”。"),
    points("factor", "倍数", "分值乘以多少。", positive=True, unit="倍"),
)

# ---------------------------------------------------------------- the rows of the three indices

_NAME = text("name", "名称", "指标的名称，即办法所列的行为。")
_TRACKS = Key(
    "tracks", "references", "适用类别", "只适用于哪些类别；不写则各类别都适用。", required=False, refers="tracks"
)
_WORDING = text("wording", "公示用语", "公示时建议的写法，不写他人姓名、家事和住址。")
_ANSWER = text("answer", "对提示的答复", "采用单位对这一行提示的答复。", required=False, default="")
_POINTS_PROVENANCE = choice(
    "points_provenance", "分值出处", "事项出自源文本而分值没有时，分别注明。", PROVENANCES,
    required=False, follows="provenance",
)  # fmt: skip
_PRIORS = words_of(education="教育记录", reminder="提醒")
_VOIDS = words_of(claim="所指明的那条申报作废", event="同一事项所有人的加分作废")
_SOURCES = {
    "positive": words_of(attendance="考勤：到会"),
    "reverse": words_of(late="考勤：迟到、早退", absence="考勤：无故缺席", dues="党费：未按时足额"),
}


def _index_code() -> Key:
    return code("编号", "指标的编号，全文不重复，如“B2”。")


def _document(default: bool) -> Key:
    return flag("document", "须有文件", "是否须写明依据的文件。", default)


def _scored(index: str) -> tuple[Key, ...]:
    reverse = index == "reverse"
    needed = "没有写直接定等次、限定最高等次时必填。"
    only_reverse = (
        refer("pool", "pools", "分池", "扣在哪个分池里；不写则不入池。", required=False),
    )  # fmt: skip
    voids = (choice("voids", "作废范围", "一经查实，哪些加分作废。", _VOIDS, required=False),)
    return (
        _index_code(),
        _NAME,
        refer("aspect", "aspects", "方面", "属于哪个方面；不写则不归方面。", required=False),
        _TRACKS,
        Key("value", "value", "分值", "一次计多少分。", required=False, needed=needed),
        caps("封顶", "各时段最多计多少分。"),
        *(only_reverse if reverse else ()),
        choice("prior", "前置条件", "事发前须有的教育记录或提醒。", _PRIORS, required=False),
        flag("decision", "须有决议", "是否须有支部委员会决议。"),
        flag("words", "须有原话", "是否须记下原话。"),
        _document(False),
        *(voids if reverse else ()),
        Key("multipliers", "rows", "加倍情形", "什么情形下分值加倍。", required=False, keys=MULTIPLIER),
        refer("tier_direct", "tiers", "直接定等次", "一经发生，不论得分，定为哪个等次。", required=False),
        refer("tier_at_most", "tiers", "限定最高等次", "一经发生，最好只能是哪个等次。", required=False),
        _WORDING,
        CLAUSE,
        PROVENANCE,
        _POINTS_PROVENANCE,
        choice(
            "proposed_from",
            "提议来源",
            "支部登记的哪种考勤或党费情况，在考评表上提议记这一项。",
            _SOURCES[index],
            required=False,
        ),
        note(),
        _ANSWER,
    )


POSITIVE = _scored("positive")
REVERSE = _scored("reverse")
ZEROING = (_index_code(), _NAME, _TRACKS, _document(True), _WORDING, CLAUSE, PROVENANCE, note(), _ANSWER)
