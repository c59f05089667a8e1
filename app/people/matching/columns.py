"""What a staff list calls its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.language import lazy_gettext

KNOWN: dict[str, tuple[str, ...]] = {
    "registry_no": (
        "Sicil no",
        "Sicil numarası",
        "Sicil",
        "Kurum sicil no",
        "Kurum sicil numarası",
        "Kurum sicili",
        "Personel sicil no",
        "Personel sicil numarası",
        "Personel no",
        "Personel numarası",
        "Çalışan no",
        "Çalışan numarası",
        "Emekli sicil no",
        "Staff registry no.",
        "Registry no",
        "Registry number",
        "Staff no",
        "Staff number",
        "Employee no",
        "Employee number",
        "Employee ID",
    ),
    "name": (
        "Adı soyadı",
        "Ad soyad",
        "Adı ve soyadı",
        "Ad ve soyad",
        "Ad, soyad",
        "İsim soyisim",
        "İsim soyad",
        "Personel adı soyadı",
        "Personelin adı soyadı",
        "Çalışan adı soyadı",
        "Soyadı adı",
        "Soyad ad",
        "Personel",
        "Name",
        "Full name",
        "Name and surname",
        "Staff member",
    ),
    "given_name": ("Adı", "Ad", "İsim", "Given name", "First name", "Given names"),
    "family_name": ("Soyadı", "Soyad", "Soyisim", "Family name", "Last name", "Surname"),
    "unit": (
        "Birim",
        "Birimi",
        "Birim adı",
        "Görev birimi",
        "Görev yaptığı birim",
        "Çalıştığı birim",
        "Kadro birimi",
        "Müdürlük",
        "Müdürlüğü",
        "Daire başkanlığı",
        "Daire",
        "Departman",
        "Departmanı",
        "Bölüm",
        "Görev yeri",
        "Unit",
        "Department",
        "Directorate",
        "Division",
    ),
    "title": (
        "Unvan",
        "Unvanı",
        "Ünvan",
        "Ünvanı",
        "Kadro unvanı",
        "Kadro ünvanı",
        "Görev unvanı",
        "Görev ünvanı",
        "Görevi",
        "Görev",
        "Pozisyon",
        "Pozisyonu",
        "Job title",
        "Title",
        "Position",
    ),
    "employment_type": (
        "İstihdam türü",
        "İstihdam şekli",
        "İstihdam tipi",
        "Çalışma şekli",
        "Çalışma türü",
        "Çalışma statüsü",
        "Statü",
        "Statüsü",
        "Kadro durumu",
        "Kadro türü",
        "Kadro tipi",
        "Kadrosu",
        "Personel türü",
        "Personel tipi",
        "Employment type",
        "Employment",
        "Type of employment",
        "Contract type",
    ),
    "sex": ("Cinsiyet", "Cinsiyeti", "Sex", "Gender"),
    "email": (
        "E-posta",
        "E-posta adresi",
        "İş e-postası",
        "Kurumsal e-posta",
        "E-mail",
        "E-mail adresi",
        "Mail",
        "Mail adresi",
        "Elektronik posta",
        "Work e-mail",
        "E-mail address",
    ),
    "phone": (
        "Telefon",
        "Telefonu",
        "Telefon no",
        "Telefon numarası",
        "Cep telefonu",
        "Cep tel",
        "Cep no",
        "GSM",
        "Tel",
        "Tel no",
        "İş telefonu",
        "Phone",
        "Phone number",
        "Mobile",
        "Telephone",
    ),
    "supervisor": (
        "Amir sicil no",
        "Amirinin sicil no",
        "Amiri sicil no",
        "Amirin sicil numarası",
        "Yönetici sicil no",
        "Supervisor registry no",
        "Supervisor no",
        "Manager no",
    ),
    "active": ("Aktif", "Aktif mi", "Çalışıyor mu", "Durum", "Durumu", "Active", "Is active"),
    "organisation": ("Kurum", "Kurumu", "Kurum adı", "Belediye", "Belediyesi", "Institution", "Organisation"),
}
LABELS = {
    "registry_no": lazy_gettext("Staff registry no."),
    "name": lazy_gettext("Given and family name"),
    "given_name": lazy_gettext("Given name"),
    "family_name": lazy_gettext("Family name"),
    "unit": lazy_gettext("Unit"),
    "title": lazy_gettext("Job title"),
    "employment_type": lazy_gettext("Employment type"),
    "sex": lazy_gettext("Sex"),
    "email": lazy_gettext("Work e-mail"),
    "phone": lazy_gettext("Phone"),
    "supervisor": lazy_gettext("Registry no. of the supervisor"),
    "active": lazy_gettext("Active"),
    "organisation": lazy_gettext("Institution"),
}


def missing(fields: Sequence[str]) -> list[str]:
    """What a list cannot do without and has no column for."""
    found = set(fields)
    wanted = [] if {"registry_no", "email"} & found else ["registry_no"]
    if "name" not in found and not {"given_name", "family_name"} <= found:
        wanted += (
            ["name"] if not {"given_name", "family_name"} & found else sorted({"given_name", "family_name"} - found)
        )
    return wanted


def twice(meant: Mapping[str, str]) -> list[str]:
    """Fields that several columns (by name) were taken for."""
    fields = [field for field in meant.values() if field]
    return sorted({field for field in fields if fields.count(field) > 1})
