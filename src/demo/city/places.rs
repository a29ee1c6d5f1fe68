//! The city around the demonstration's county: bureaus, further counties and their towns, each with people to work there.
//!
//! What is there already is taken as it is; accounts and agencies are found by username and code.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::crowd::person_name;
use super::draw::Draw;
use super::words::{Field, stem};
use crate::domain::people::access::Role;
use crate::domain::people::agency::{AgencyData, AgencyLevel, AgencySettings, ChannelNotice, Guide, GuideChannel};
use crate::domain::words::ids::{AgencyId, UnitId, UserId};
use crate::error::Error;
use crate::service::agencies::{NewAgency, agency_create, unit_create};
use crate::service::people::{By, NewUser, user_create};
use crate::store::agencies::{Agency, agency_by_code, unit_list};
use crate::store::users::user_by_username;
use crate::store::{StoreError, Tx};

/// An agency of the plan.
#[derive(Debug, Clone)]
struct Place {
    code: String,
    /// The code of the agency above it.
    parent: Option<String>,
    name: String,
    prefix: String,
    level: AgencyLevel,
    field: Field,
    /// Its share of all applications.
    weight: u32,
    /// Who works here instead of people of its own; what is missing is added.
    known: &'static [(Role, &'static str)],
    supervises: bool,
}

/// The people of the county's office, who also work for the county government.
const OFFICE_PEOPLE: [(Role, &str); 6] = [
    (Role::Clerk, "clerk"),
    (Role::Officer, "officer"),
    (Role::Handler, "handler"),
    (Role::Secrecy, "secrecy"),
    (Role::Legal, "legal"),
    (Role::Approver, "approver"),
];
/// A handler works in a unit, and the government has none of its own.
const GOVERNMENT_PEOPLE: [(Role, &str); 5] = [
    (Role::Clerk, "clerk"),
    (Role::Officer, "officer"),
    (Role::Secrecy, "secrecy"),
    (Role::Legal, "legal"),
    (Role::Approver, "approver"),
];
const DEPARTMENT_PEOPLE: [(Role, &str); 2] = [(Role::Clerk, "clerk2"), (Role::Officer, "officer2")];

const BUREAUS: [(&str, &str, Field, u32); 16] = [
    ("ZR", "自然资源和规划局", Field::Land, 90),
    ("ZJ", "住房和城乡建设局", Field::Housing, 70),
    ("GA", "公安局", Field::Police, 45),
    ("JY", "教育局", Field::Education, 25),
    ("WJ", "卫生健康委员会", Field::Health, 25),
    ("MZ", "民政局", Field::Welfare, 12),
    ("SJ", "市场监督管理局", Field::Market, 50),
    ("JT", "交通运输局", Field::Traffic, 20),
    ("HB", "生态环境局", Field::Environment, 25),
    ("CZ", "财政局", Field::Finance, 18),
    ("RS", "人力资源和社会保障局", Field::Welfare, 30),
    ("NY", "农业农村局", Field::Town, 22),
    ("SL", "水利局", Field::Environment, 10),
    ("CG", "城市管理局", Field::Market, 30),
    ("FG", "发展和改革委员会", Field::Finance, 15),
    ("SZ", "审计局", Field::Finance, 4),
];

/// An agency with those who work in it.
#[derive(Debug, Clone)]
pub struct Office {
    pub id: AgencyId,
    pub code: String,
    /// 机关代字
    pub prefix: String,
    pub field: Field,
    pub weight: u32,
    pub clerk: UserId,
    pub officers: Vec<UserId>,
    pub handler: Option<(UserId, UnitId)>,
    pub secrecy: UserId,
    pub legal: UserId,
    pub approver: UserId,
    pub amendment_working_days: u32,
}

/// How many agencies this many applications deserve, beside the county of the demonstration.
fn beside_the_county(cases: u32) -> usize {
    // 2 decades above a thousand are 100,000 applications, 3 are a million.
    let decades = f64::from(cases.max(1)).log10() - 3.0;
    [(0.3, 12), (0.7, 24), (1.3, 40), (1.8, 60), (2.3, 75), (2.8, 95)]
        .into_iter()
        .find(|(below, _)| decades < *below)
        .map_or(110, |(_, agencies)| if cases <= 1000 { 0 } else { agencies })
}

/// The agencies for this many applications, those above first.
fn places(cases: u32) -> Vec<Place> {
    let mut all = county_of_the_demonstration();
    all.extend(city().into_iter().take(beside_the_county(cases)));
    all
}

fn county_of_the_demonstration() -> Vec<Place> {
    let there = |code: &str, field, weight, known| Place {
        code: code.to_owned(),
        parent: None,
        name: String::new(),
        prefix: String::new(),
        level: AgencyLevel::County,
        field,
        weight,
        known,
        supervises: false,
    };
    vec![
        there("CXZF", Field::Government, 12, &GOVERNMENT_PEOPLE[..]),
        there("CXFB", Field::Government, 10, &OFFICE_PEOPLE[..]),
        there("CXZR", Field::Land, 26, &DEPARTMENT_PEOPLE[..]),
        there("CXZJ", Field::Housing, 18, &[]),
        there("CXJY", Field::Education, 6, &[]),
        there("CXWJ", Field::Health, 6, &[]),
        there("CXMZ", Field::Welfare, 4, &[]),
        there("CXSJ", Field::Market, 12, &[]),
        there("CXSQ", Field::Town, 9, &[]),
        there("CXLT", Field::Town, 7, &[]),
    ]
}

fn city() -> Vec<Place> {
    let place = |code: String, parent: Option<&str>, name: String, level, field, weight| Place {
        prefix: format!("{}公开", name.chars().skip(2).take(4).collect::<String>()),
        code,
        parent: parent.map(str::to_owned),
        name,
        level,
        field,
        weight,
        known: &[],
        supervises: false,
    };
    let bureau = |head: &str, parent: &str, region: &str, level, part: u32, at: usize| {
        let (code, name, field, weight) = BUREAUS.get(at).copied().unwrap_or(BUREAUS[0]);
        place(
            format!("{head}{code}"),
            Some(parent),
            format!("{region}{name}"),
            level,
            field,
            (weight / part).max(1),
        )
    };
    let office = |code: String, parent: &str, name: String, level, weight| Place {
        supervises: true,
        ..place(code, Some(parent), name, level, Field::Government, weight)
    };
    let city = AgencyLevel::City;
    let mut all = vec![
        place(
            "JLZF".to_owned(),
            None,
            "江临市人民政府".to_owned(),
            city,
            Field::Government,
            40,
        ),
        office("JLFB".to_owned(), "JLZF", "江临市人民政府办公室".to_owned(), city, 25),
    ];
    all.extend((0..BUREAUS.len()).map(|at| bureau("JL", "JLFB", "江临市", city, 1, at)));
    for county in 1..=7_usize {
        let (head, region) = (format!("JL{county}"), format!("江临市{}区", stem(county * 11)));
        let (government, office_code) = (format!("{head}ZF"), format!("{head}FB"));
        let level = AgencyLevel::County;
        all.push(place(
            government.clone(),
            Some("JLFB"),
            format!("{region}人民政府"),
            level,
            Field::Government,
            15,
        ));
        all.push(office(
            office_code.clone(),
            &government,
            format!("{region}人民政府办公室"),
            level,
            10,
        ));
        all.extend((0..6).map(|at| bureau(&head, &office_code, &region, level, 3, at)));
        for town in 1..=5_usize {
            let name = format!("{region}{}镇人民政府", stem(county * 5 + town * 7));
            let weight = 6 + u32::try_from(town).unwrap_or(0);
            all.push(place(
                format!("{head}T{town}"),
                Some(&office_code),
                name,
                AgencyLevel::Township,
                Field::Town,
                weight,
            ));
        }
    }
    all
}

/// Finds or makes the agencies for this many applications, with their people.
///
/// # Errors
/// Failures of the database.
pub fn offices(
    tx: &mut Tx<'_>,
    seed: u64,
    cases: u32,
    now: DateTime<Utc>,
    password_hash: &str,
) -> Result<Vec<Office>, Error> {
    let mut draw = Draw::new(seed, 0x00FF_1CE5);
    let mut offices = Vec::new();
    for place in places(cases) {
        let office = Opening {
            tx: &mut *tx,
            now,
            password_hash,
            draw: &mut draw,
        };
        offices.push(office.open(&place)?);
    }
    Ok(offices)
}

/// An agency being opened.
struct Opening<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    now: DateTime<Utc>,
    password_hash: &'a str,
    draw: &'a mut Draw,
}

impl Opening<'_, '_> {
    fn open(mut self, place: &Place) -> Result<Office, Error> {
        let agency = match agency_by_code(self.tx, &place.code) {
            Ok(agency) => agency,
            Err(StoreError::NotFound) => self.agency(place)?,
            Err(error) => return Err(error.into()),
        };
        let units = unit_list(self.tx, agency.id, true, None, 1)?;
        let unit = units.first().map(|unit| unit.id);
        let mut staff = |role: Role, number: u32| self.person(place, agency.id, unit, role, number);
        let office = Office {
            clerk: staff(Role::Clerk, 1)?,
            officers: (1..=1 + place.weight / 30)
                .map(|number| staff(Role::Officer, number))
                .collect::<Result<_, _>>()?,
            handler: match unit {
                Some(unit) => Some((staff(Role::Handler, 1)?, unit)),
                None => None,
            },
            secrecy: staff(Role::Secrecy, 1)?,
            legal: staff(Role::Legal, 1)?,
            approver: staff(Role::Approver, 1)?,
            id: agency.id,
            code: agency.code,
            prefix: agency.data.document_prefix,
            field: place.field,
            weight: place.weight,
            amendment_working_days: agency.data.settings.amendment_working_days,
        };
        if place.supervises {
            self.person(place, agency.id, unit, Role::Supervisor, 1)?;
        }
        Ok(office)
    }

    fn agency(&mut self, place: &Place) -> Result<Agency, Error> {
        let parent_id = match &place.parent {
            Some(code) => Some(agency_by_code(self.tx, code)?.id),
            None => None,
        };
        let new = NewAgency {
            parent_id,
            code: place.code.clone(),
            data: place.data(self.draw),
        };
        let agency = agency_create(self.tx, By::Console, self.now, new)?;
        for unit in ["办公室", "业务科"] {
            unit_create(self.tx, By::Console, self.now, agency.id, unit)?;
        }
        Ok(agency)
    }

    /// The account of the one who works here in a role.
    fn person(
        &mut self,
        place: &Place,
        agency_id: AgencyId,
        unit: Option<UnitId>,
        role: Role,
        number: u32,
    ) -> Result<UserId, Error> {
        let known = place.known.iter().find(|(known, _)| *known == role && number == 1);
        let username = match (known, number) {
            (Some((_, username)), _) => (*username).to_owned(),
            (None, 1) => format!("{}.{}", place.code.to_lowercase(), role.code()),
            (None, _) => format!("{}.{}{number}", place.code.to_lowercase(), role.code()),
        };
        let name = person_name(self.draw);
        if let Some((user, _)) = user_by_username(self.tx, &username)? {
            return Ok(user.id);
        }
        let new = NewUser {
            username,
            name,
            agency_id: Some(agency_id),
            unit_id: unit.filter(|_| role == Role::Handler),
            roles: BTreeSet::from([role]),
            administrator: false,
            applicant: None,
            demo: true,
        };
        Ok(user_create(self.tx, By::Console, self.now, new, self.password_hash)?.id)
    }
}

impl Place {
    fn data(&self, draw: &mut Draw) -> AgencyData {
        let address = format!(
            "江临市{}路{}号",
            stem(usize::try_from(draw.below(84)).unwrap_or(0)),
            draw.between(1, 300)
        );
        let phone = format!("0799-{:07}", 6_400_000 + draw.below(599_999));
        let notice = |channel, details: &str| ChannelNotice {
            channel,
            announced_from: NaiveDate::from_ymd_opt(2019, 1, 1),
            details: Some(details.to_owned()),
        };
        AgencyData {
            name: self.name.clone(),
            level: self.level,
            guide: Guide {
                channels: vec![
                    notice(GuideChannel::InPerson, &format!("{address}政务公开受理窗口")),
                    notice(GuideChannel::RegisteredMail, &format!("{address}，邮编337000")),
                    notice(GuideChannel::OrdinaryMail, &format!("{address}，邮编337000")),
                    notice(GuideChannel::Fax, &phone),
                    notice(GuideChannel::Online, "本系统网上申请"),
                ],
                address,
                phone: phone.clone(),
                fax: Some(phone),
                office_hours: "工作日 8:30—12:00，14:30—17:30".to_owned(),
                internet: None,
                classification: None,
                arrangement: None,
                access: None,
            },
            document_prefix: self.prefix.clone(),
            reconsideration_organ: "江临市人民政府".to_owned(),
            court: "江临市中级人民法院".to_owned(),
            settings: AgencySettings::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_applications_have_more_agencies() {
        let counts = [100, 1_000, 10_000, 100_000, 1_000_000].map(|cases| places(cases).len());
        assert_eq!(counts, [10, 10, 50, 85, 119]);
        let all = places(1_000_000);
        let codes: BTreeSet<&str> = all.iter().map(|place| place.code.as_str()).collect();
        assert_eq!(codes.len(), all.len());
        for (index, place) in all.iter().enumerate() {
            let above = all
                .iter()
                .take(index)
                .any(|above| Some(&above.code) == place.parent.as_ref());
            assert!(above || place.parent.is_none(), "{}", place.code);
        }
        let mut draw = Draw::new(1, 1);
        for place in all.iter().skip(10) {
            let errors = place.data(&mut draw).check();
            assert!(errors.is_empty(), "{}: {errors:?}", place.code);
        }
    }
}
