//! The city around the demonstration's county: bureaus, further counties and their towns, each with people to work there.
//!
//! What is there already is taken as it is; accounts and agencies are found by username and code.

use std::collections::BTreeSet;

use super::crowd::person_name;
use super::draw::Draw;
use super::words::{Field, stem};
use crate::demo::agencies::{Opening, data, guide};
use crate::demo::people::{DEPARTMENT_CODE, OFFICE_CODE, username};
use crate::domain::people::access::Role;
use crate::domain::people::agency::{AgencyData, AgencyLevel};
use crate::domain::words::ids::{AgencyId, UnitId, UserId};
use crate::error::Error;
use crate::service::people::NewUser;
use crate::service::seeding::{Agency, account, agency, first_unit};

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
    supervises: bool,
}

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

/// Agencies that are there already: only their field and share count.
fn county_of_the_demonstration() -> Vec<Place> {
    let there = |(code, field, weight)| place(code, None, "", AgencyLevel::County, (field, weight));
    let all = [
        ("CXZF", Field::Government, 12),
        (OFFICE_CODE, Field::Government, 10),
        (DEPARTMENT_CODE, Field::Land, 26),
        ("CXZJ", Field::Housing, 18),
        ("CXJY", Field::Education, 6),
        ("CXWJ", Field::Health, 6),
        ("CXMZ", Field::Welfare, 4),
        ("CXSJ", Field::Market, 12),
        ("CXSQ", Field::Town, 9),
        ("CXLT", Field::Town, 7),
    ];
    all.map(there).into()
}

/// An agency with its field and its share of all applications.
fn place(code: &str, parent: Option<&str>, name: &str, level: AgencyLevel, (field, weight): (Field, u32)) -> Place {
    Place {
        code: code.to_owned(),
        parent: parent.map(str::to_owned),
        name: name.to_owned(),
        prefix: format!("{}公开", name.chars().skip(2).take(4).collect::<String>()),
        level,
        field,
        weight,
        supervises: false,
    }
}

/// A government with its office, which supervises the bureaus below it.
fn government(above: Option<&str>, head: &str, region: &str, level: AgencyLevel, weights: [u32; 2]) -> [Place; 2] {
    let (code, name) = (format!("{head}ZF"), format!("{region}人民政府"));
    let office = Place {
        supervises: true,
        ..place(
            &format!("{head}FB"),
            Some(&code),
            &format!("{name}办公室"),
            level,
            (Field::Government, weights[1]),
        )
    };
    [
        place(&code, above, &name, level, (Field::Government, weights[0])),
        office,
    ]
}

/// The first `count` bureaus of a region; their share is a `part` of those of the city.
fn bureaus(head: &str, region: &str, level: AgencyLevel, part: u32, count: usize) -> impl Iterator<Item = Place> {
    BUREAUS.iter().take(count).map(move |(code, name, field, weight)| {
        place(
            &format!("{head}{code}"),
            Some(&format!("{head}FB")),
            &format!("{region}{name}"),
            level,
            (*field, (weight / part).max(1)),
        )
    })
}

fn city() -> Vec<Place> {
    let (city, county) = (AgencyLevel::City, AgencyLevel::County);
    let mut all = Vec::from(government(None, "JL", "江临市", city, [40, 25]));
    all.extend(bureaus("JL", "江临市", city, 1, BUREAUS.len()));
    for number in 1..=7_usize {
        let (head, region) = (format!("JL{number}"), format!("江临市{}区", stem(number * 11)));
        all.extend(government(Some("JLFB"), &head, &region, county, [15, 10]));
        all.extend(bureaus(&head, &region, county, 3, 6));
        all.extend((1..=5_u32).zip(1..).map(|(town, index): (u32, usize)| {
            let name = format!("{region}{}镇人民政府", stem(number * 5 + index * 7));
            let (code, above) = (format!("{head}T{town}"), format!("{head}FB"));
            place(
                &code,
                Some(&above),
                &name,
                AgencyLevel::Township,
                (Field::Town, 6 + town),
            )
        }));
    }
    all
}

/// Finds or makes the agencies for this many applications, with their people.
///
/// # Errors
/// Failures of the database.
pub fn offices(opening: &mut Opening<'_, '_>, seed: u64, cases: u32) -> Result<Vec<Office>, Error> {
    let mut draw = Draw::new(seed, 0x00FF_1CE5);
    places(cases)
        .iter()
        .map(|place| place.open(opening, &mut draw))
        .collect()
}

impl Place {
    fn open(&self, opening: &mut Opening<'_, '_>, draw: &mut Draw) -> Result<Office, Error> {
        let agency = match agency(opening.tx, &self.code)? {
            Some(agency) => agency,
            None => self.agency(opening, draw)?,
        };
        let unit = first_unit(opening.tx, agency.id)?;
        let mut staff = |role, number| self.person(opening, draw, (agency.id, unit), role, number);
        let office = Office {
            clerk: staff(Role::Clerk, 1)?,
            officers: (1..=1 + self.weight / 30)
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
            field: self.field,
            weight: self.weight,
            amendment_working_days: agency.data.settings.amendment_working_days,
        };
        if self.supervises {
            staff(Role::Supervisor, 1)?;
        }
        Ok(office)
    }

    fn agency(&self, opening: &mut Opening<'_, '_>, draw: &mut Draw) -> Result<Agency, Error> {
        let parent_id = match &self.parent {
            Some(code) => Some(agency(opening.tx, code)?.ok_or(Error::NotFound)?.id),
            None => None,
        };
        let (agency, _) = opening.agency(parent_id, &self.code, self.data(draw), &["办公室", "业务科"])?;
        Ok(agency)
    }

    /// The account of the one who works here in a role.
    fn person(
        &self,
        opening: &mut Opening<'_, '_>,
        draw: &mut Draw,
        (agency_id, unit): (AgencyId, Option<UnitId>),
        role: Role,
        number: u32,
    ) -> Result<UserId, Error> {
        // The people of the county's office also work for the county government; the department has two of its own.
        let username = match (self.code.as_str(), role, number) {
            ("CXZF" | OFFICE_CODE, _, 1) => username(role, false).to_owned(),
            (DEPARTMENT_CODE, Role::Clerk | Role::Officer, 1) => username(role, true).to_owned(),
            (code, _, 1) => format!("{}.{}", code.to_lowercase(), role.code()),
            (code, ..) => format!("{}.{}{number}", code.to_lowercase(), role.code()),
        };
        let name = person_name(draw);
        if let Some(user) = account(opening.tx, &username)? {
            return Ok(user.id);
        }
        let new = NewUser {
            agency_id: Some(agency_id),
            unit_id: unit.filter(|_| role == Role::Handler),
            roles: BTreeSet::from([role]),
            ..NewUser::default()
        };
        Ok(opening.account(&username, &name, new)?.id)
    }

    fn data(&self, draw: &mut Draw) -> AgencyData {
        let street = stem(usize::try_from(draw.below(84)).unwrap_or(0));
        let address = format!("江临市{street}路{}号", draw.between(1, 300));
        let phone = format!("0799-{:07}", 6_400_000 + draw.below(599_999));
        let contested = ("江临市人民政府", "江临市中级人民法院");
        data(
            &self.name,
            self.level,
            &self.prefix,
            guide(&address, &phone, 2019),
            contested,
        )
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
