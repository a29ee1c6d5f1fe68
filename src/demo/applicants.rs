//! Those who apply in the demonstration: fictional people and organisations with well-formed numbers of a district that
//! does not exist. The check characters are computed (GB 11643, GB 32100).

use crate::domain::people::id_document::{IdDocument, IdDocumentKind};
use crate::domain::people::party::{Applicant, ApplicantKind};

/// No district has this code.
const DISTRICT: &str = "361199";

/// The people and organisations of the county, by the name the stories call them.
pub fn applicant(name: &str) -> Applicant {
    organisation_called(name).unwrap_or_else(|| person(name))
}

fn person(name: &str) -> Applicant {
    let (birth, sequence, phone, address) = match name {
        "周桂兰" => ("19680412", "042", "13800000011", "澄溪县石桥镇南坡村12号"),
        "吴德明" => ("19751123", "035", "13800000012", "澄溪县城关镇文昌路88号"),
        "郑雨晴" => ("19960730", "068", "13800000013", "澄溪县城关镇书院路16号3单元402室"),
        "何建军" => ("19591005", "011", "13800000014", "澄溪县柳塘镇下湾村7号"),
        "林巧云" => ("19830219", "026", "13800000015", "澄溪县城关镇康宁路5号"),
        "孙国栋" => ("19880606", "053", "13800000016", "东湖区湖滨路20号"),
        "马丽萍" => ("19720903", "084", "13800000017", "澄溪县城关镇建设路31号"),
        _ => ("19801212", "019", "13800000018", "澄溪县城关镇青山路2号"),
    };
    person_with(name, birth, sequence, phone, &format!("江临市{address}"))
}

#[rustfmt::skip]
fn organisation_called(short: &str) -> Option<Applicant> {
    use ApplicantKind::{Business, LegalService, OtherOrganisation, PublicBenefit, Research};
    let (kind, name, registered, own, head, phone) = match short {
        "青禾建材" => (Business, "澄溪县青禾建材有限公司", "91", "MA7QH2K0X", "贺青禾", "13800000021"),
        "治理研究所" => (Research, "江临市县域治理研究所", "12", "49120735X", "杜若川", "13800000022"),
        "清水河环保协会" => (PublicBenefit, "澄溪县清水河环境保护协会", "51", "MJK815062", "田小满", "13800000023"),
        "正衡律师所" => (LegalService, "江临正衡律师事务所", "31", "MD0246813", "纪正衡", "13800000024"),
        "南坡村委会" => (OtherOrganisation, "澄溪县石桥镇南坡村村民委员会", "54", "MF9350174", "周有田", "13800000025"),
        _ => return None,
    };
    Some(organisation(kind, name, registered, own, head, phone))
}

/// A natural person with a day of birth (`19900307`) and the three digits after it.
pub fn person_with(name: &str, birth: &str, sequence: &str, phone: &str, address: &str) -> Applicant {
    Applicant {
        phone: Some(phone.to_owned()),
        address: Some(address.to_owned()),
        ..of(
            ApplicantKind::NaturalPerson,
            name,
            IdDocumentKind::ResidentId,
            resident_id(&format!("{DISTRICT}{birth}{sequence}")),
        )
    }
}

/// An organisation: the first two characters of its code tell who registered it, then comes the organisation's own.
pub fn organisation(
    kind: ApplicantKind,
    name: &str,
    registered: &str,
    own: &str,
    representative: &str,
    phone: &str,
) -> Applicant {
    Applicant {
        legal_representative: Some(representative.to_owned()),
        contact_name: Some(representative.to_owned()),
        phone: Some(phone.to_owned()),
        address: Some(format!("江临市澄溪县城关镇{name}")),
        ..of(
            kind,
            name,
            IdDocumentKind::Uscc,
            credit_code(&format!("{registered}{DISTRICT}{own}")),
        )
    }
}

fn of(kind: ApplicantKind, name: &str, document: IdDocumentKind, number: String) -> Applicant {
    Applicant {
        kind: Some(kind),
        name: Some(name.to_owned()),
        id_document: Some(IdDocument::new(document, number)),
        ..Applicant::default()
    }
}

/// The number with its check character: ISO 7064 MOD 11-2 over 17 digits.
fn resident_id(first: &str) -> String {
    let sum = first
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(0, |sum, digit| (sum + digit) * 2 % 11);
    let check = match (12 - sum) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    format!("{first}{check}")
}

/// The code with its check character: weights 3^i modulo 31 over 17 characters.
fn credit_code(first: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c| {
        ALPHABET
            .chars()
            .zip(0_u32..)
            .find(|(known, _)| *known == c)
            .map(|(_, v)| v)
    };
    let (sum, _) = first
        .chars()
        .filter_map(value)
        .fold((0, 1), |(sum, weight), v| ((sum + v * weight) % 31, weight * 3 % 31));
    let check = ALPHABET.chars().zip(0_u32..).find(|(_, v)| (sum + v) % 31 == 0);
    format!("{first}{}", check.map_or('0', |(c, _)| c))
}
