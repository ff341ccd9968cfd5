"""The fields of signing up, signing in and settings."""

import uuid

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Regexp

# Plain letters only: what a mail library can always send, and what no two people can spell alike.
EMAIL = r"^\s*[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z][A-Za-z0-9-]{1,62}\s*$"
# No control signs, and none that are invisible or turn the reading direction.
NAME = r"^[^\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+$"


def _name(label=None):
    return StringField(
        label or _("Je naam"),
        [
            InputRequired(_("Vul een naam in; een voornaam is genoeg.")),
            Length(max=60, message=_("Houd het op 60 tekens. Een voornaam is genoeg.")),
            Regexp(NAME, message=_("Vul een naam in met gewone letters.")),
        ],
        filters=[lambda text: text and text.strip()],
    )


def _email():
    return StringField(
        _("E-mailadres"),
        [
            InputRequired(_("Vul je e-mailadres in.")),
            Length(max=254, message=_("Dit adres is te lang. Kijk het even na.")),
            Regexp(EMAIL, message=_("Dit lijkt geen e-mailadres. Kijk het even na.")),
        ],
    )


def _password(label):
    return PasswordField(
        label,
        [
            InputRequired(_("Vul een wachtwoord in.")),
            Length(max=1024, message=_("Dit is langer dan 256 tekens. Een kortere is ook sterk genoeg.")),
        ],
    )


class Form(FlaskForm):
    """Reads what a page sent. JSON, which its library would read as well, can be of any shape: no form sends it."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form, formdata):
            return None if request.is_json else super().wrap_formdata(form, formdata)


class SignIn(Form):
    email = _email()
    password = _password(_("Wachtwoord"))
    next = HiddenField()


class Register(Form):
    name = _name()
    email = _email()
    password = _password(_("Wachtwoord"))
    next = HiddenField()


class Forgot(Form):
    email = _email()


class Reset(Form):
    code = StringField(
        _("Code uit de mail"),
        [
            InputRequired(_("Vul de code in.")),
            Length(max=40, message=_("Een code heeft acht tekens. Kijk hem na in de mail.")),
        ],
    )
    password = _password(_("Nieuw wachtwoord"))


class Password(Form):
    current = _password(_("Je wachtwoord van nu"))
    password = _password(_("Nieuw wachtwoord"))


class Profile(Form):
    name = _name()
    language = StringField(_("Taal"), [AnyOf(("nl", "en"), message=_("Kies een taal uit de lijst."))])


class Child(Form):
    """Read by people/children.py, which knows the rules; here are only the fields."""

    uid = HiddenField(default=lambda: str(uuid.uuid4()))  # sent twice, it is still one child
    next = HiddenField()  # where who begins a diary was heading
    name = StringField(_("Voornaam of bijnaam"))
    born = StringField(_("Geboortemaand"))
    age = StringField(_("Hoe oud is je kind van binnen?"))


class Leave(Form):
    sure = BooleanField(
        _("Ja, ik wil stoppen met dit dagboek"), [InputRequired(_("Vink dit aan als je het zeker weet."))]
    )


class Admission(Form):
    name = _name()
    password = _password(_("Wachtwoord"))


class Admit(Form):
    address = _email()  # not `email`: what was typed at a locked desk comes along, a visitor's own address does not


class Practice(Form):
    name = _name(_("Naam van de praktijk"))
