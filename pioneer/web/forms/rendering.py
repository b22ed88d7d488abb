"""表单的样子 How every form of the site is drawn: our templates instead of Django's."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """表单绘制 `{{ form }}` draws every field, `{{ form.name.as_field_group }}` one, with label, hint and error."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
