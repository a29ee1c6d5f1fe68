//! The region of the demonstration: a fictional county with its agencies and people, made as real ones are.
//!
//! Every account has the password that everybody knows, and is marked so that only `serve --demo` takes it. The tree
//! follows supervision: the office of the county government is the authority (主管部门, Article 3) over the departments
//! and towns below it. Its people also work for the county government itself, by role grants.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::agencies::{Opening, data, guide};
use super::applicants::person_with;
use crate::auth::passwords::DEMO_PASSWORD;
use crate::domain::people::access::Role;
use crate::domain::people::agency::{AgencyLevel, Guide};
use crate::domain::people::party::Applicant;
use crate::domain::words::ids::{AgencyId, UnitId};
use crate::error::Error;
use crate::service::auth::Auth;
use crate::service::people::{By, GrantChange, NewUser, grant_change};
use crate::service::seeding::{Tx, User};

/// Code of the county government's office, where nine of the users work.
pub const OFFICE_CODE: &str = "CXFB";
/// Code of the department where `clerk2` and `officer2` work.
pub const DEPARTMENT_CODE: &str = "CXZR";

/// An agency of the region, as the table below lists them.
struct Place {
    code: &'static str,
    name: &'static str,
    prefix: &'static str,
    level: AgencyLevel,
    address: &'static str,
    phone: &'static str,
    units: &'static [&'static str],
}

#[rustfmt::skip]
const GOVERNMENT: Place = Place {
    code: "CXZF", name: "澄溪县人民政府", prefix: "澄政公开", level: AgencyLevel::County,
    address: "江临市澄溪县城关镇文昌路1号", phone: "0799-6210001", units: &[],
};

#[rustfmt::skip]
const OFFICE: Place = Place {
    code: OFFICE_CODE, name: "澄溪县人民政府办公室", prefix: "澄政办公开", level: AgencyLevel::County,
    address: "江临市澄溪县城关镇文昌路1号", phone: "0799-6210012", units: &["综合科", "政务公开科"],
};

#[rustfmt::skip]
const BELOW: [Place; 8] = [
    Place {
        code: DEPARTMENT_CODE, name: "澄溪县自然资源局", prefix: "澄自然资公开", level: AgencyLevel::County,
        address: "江临市澄溪县城关镇青山路18号", phone: "0799-6220018", units: &["办公室", "国土空间规划股", "耕地保护股"],
    },
    Place {
        code: "CXZJ", name: "澄溪县住房和城乡建设局", prefix: "澄住建公开", level: AgencyLevel::County,
        address: "江临市澄溪县城关镇建设路66号", phone: "0799-6230066", units: &["办公室", "房屋征收股"],
    },
    Place {
        code: "CXJY", name: "澄溪县教育局", prefix: "澄教公开", level: AgencyLevel::County,
        address: "江临市澄溪县城关镇书院路9号", phone: "0799-6240009", units: &["办公室", "基础教育股"],
    },
    Place {
        code: "CXWJ", name: "澄溪县卫生健康委员会", prefix: "澄卫健公开", level: AgencyLevel::County,
        address: "江临市澄溪县城关镇康宁路21号", phone: "0799-6250021", units: &["办公室", "医政股"],
    },
    Place {
        code: "CXMZ", name: "澄溪县民政局", prefix: "澄民公开", level: AgencyLevel::County,
        address: "江临市澄溪县城关镇惠民路5号", phone: "0799-6260005", units: &["办公室", "社会救助股"],
    },
    Place {
        code: "CXSJ", name: "澄溪县市场监督管理局", prefix: "澄市监公开", level: AgencyLevel::County,
        address: "江临市澄溪县城关镇工贸路32号", phone: "0799-6270032", units: &["办公室", "登记注册股"],
    },
    Place {
        code: "CXSQ", name: "澄溪县石桥镇人民政府", prefix: "石政公开", level: AgencyLevel::Township,
        address: "江临市澄溪县石桥镇中街7号", phone: "0799-6310007", units: &["党政办公室", "自然资源所"],
    },
    Place {
        code: "CXLT", name: "澄溪县柳塘镇人民政府", prefix: "柳政公开", level: AgencyLevel::Township,
        address: "江临市澄溪县柳塘镇柳塘街15号", phone: "0799-6320015", units: &["党政办公室", "农业农村办公室"],
    },
];

/// The people of the office; `handler` works in its first unit.
const OFFICE_PEOPLE: [(&str, &str, Option<Role>); 8] = [
    ("clerk", "许文静", Some(Role::Clerk)),
    ("officer", "沈志远", Some(Role::Officer)),
    ("handler", "陆海峰", Some(Role::Handler)),
    ("secrecy", "邵立群", Some(Role::Secrecy)),
    ("legal", "顾明慧", Some(Role::Legal)),
    ("approver", "韩建平", Some(Role::Approver)),
    ("supervisor", "罗晓东", Some(Role::Supervisor)),
    ("admin", "丁一凡", None),
];

const DEPARTMENT_PEOPLE: [(&str, &str, Role); 2] =
    [("clerk2", "方秀英", Role::Clerk), ("officer2", "唐启明", Role::Officer)];

/// The account of the one who works in a role for the county government and its office, or in the department.
pub fn username(role: Role, in_department: bool) -> &'static str {
    match role {
        Role::Clerk if in_department => "clerk2",
        Role::Officer if in_department => "officer2",
        role => role.code(),
    }
}

/// The region that was made.
#[derive(Debug, Clone)]
pub struct Region {
    pub government: AgencyId,
    pub office: AgencyId,
    /// The units of the office; the handler works in the first.
    pub office_units: Vec<UnitId>,
    /// Where `clerk2` and `officer2` work.
    pub department: AgencyId,
    pub department_units: Vec<UnitId>,
    /// All accounts, `applicant` among them.
    pub users: Vec<User>,
}

/// Makes the region and its people, in an empty database.
///
/// # Errors
/// Failures of the database or of password hashing; a conflict when the region is there already.
pub fn people_seed(tx: &mut Tx<'_>, auth: &Auth, now: DateTime<Utc>) -> Result<Region, Error> {
    // One hash for all: the password is no secret, and eleven slow hashes would only delay the start.
    let hash = auth.passwords.hash(DEMO_PASSWORD).map_err(Error::internal)?;
    let mut opening = Opening {
        tx,
        now,
        password_hash: &hash,
    };
    let (government, _) = GOVERNMENT.open(&mut opening, None)?;
    let (office, office_units) = OFFICE.open(&mut opening, Some(government))?;
    let mut department = (office, Vec::new());
    for below in &BELOW {
        let made = below.open(&mut opening, Some(office))?;
        if below.code == DEPARTMENT_CODE {
            department = made;
        }
    }
    let mut users = Vec::new();
    for (username, name, role) in OFFICE_PEOPLE {
        let new = NewUser {
            agency_id: Some(office),
            unit_id: office_units.first().copied().filter(|_| role == Some(Role::Handler)),
            roles: role.into_iter().collect(),
            administrator: role.is_none(),
            ..NewUser::default()
        };
        let mut user = opening.account(username, name, new)?;
        // A handler's cases come by unit, and the government has none of its own.
        if let Some(role) = role.filter(|role| *role != Role::Handler) {
            let given = (government, role);
            user = grant_change(opening.tx, By::Console, now, user, given, GrantChange::Give)?;
        }
        users.push(user);
    }
    for (username, name, role) in DEPARTMENT_PEOPLE {
        let new = NewUser {
            agency_id: Some(department.0),
            roles: BTreeSet::from([role]),
            ..NewUser::default()
        };
        users.push(opening.account(username, name, new)?);
    }
    let applicant = demo_applicant();
    let name = applicant.name.clone().unwrap_or_default();
    let new = NewUser {
        applicant: Some(applicant),
        ..NewUser::default()
    };
    users.push(opening.account("applicant", &name, new)?);
    Ok(Region {
        government,
        office,
        office_units,
        department: department.0,
        department_units: department.1,
        users,
    })
}

/// Username, name and role of every account, in the order of the procedure.
pub fn roster() -> Vec<(&'static str, String, &'static str)> {
    let applicant = (
        "applicant",
        demo_applicant().name.unwrap_or_default(),
        Role::Applicant.label(),
    );
    let office = OFFICE_PEOPLE.iter().map(|(username, name, role)| {
        let role = role.unwrap_or(Role::Admin);
        (*username, (*name).to_owned(), role.label())
    });
    let department = DEPARTMENT_PEOPLE
        .iter()
        .map(|(username, name, role)| (*username, (*name).to_owned(), role.label()));
    std::iter::once(applicant).chain(office).chain(department).collect()
}

impl Place {
    fn open(
        &self,
        opening: &mut Opening<'_, '_>,
        parent_id: Option<AgencyId>,
    ) -> Result<(AgencyId, Vec<UnitId>), Error> {
        // Contested acts of a county government go to the city, all others to the county government
        // (行政复议法 Article 24).
        let contested = match parent_id {
            None => ("江临市人民政府", "江临市中级人民法院"),
            Some(_) => ("澄溪县人民政府", "澄溪县人民法院"),
        };
        let guide = Guide {
            internet: Some(format!("https://www.chengxi.example.cn/{}", self.code.to_lowercase())),
            classification: Some("机构职能、政策文件、规划计划、财政资金、行政执法、重点领域".to_owned()),
            arrangement: Some("按主题、体裁和发布机构编排，附索引号".to_owned()),
            access: Some("政府门户网站、政府公报、县档案馆和县图书馆政府信息查阅点".to_owned()),
            ..guide(self.address, self.phone, 2020)
        };
        let data = data(self.name, self.level, self.prefix, guide, contested);
        let (agency, units) = opening.agency(parent_id, self.code, data, self.units)?;
        Ok((agency.id, units))
    }
}

/// The applicant of the demonstration: a fictional person with a well-formed number of a district that does not exist.
fn demo_applicant() -> Applicant {
    let address = "江临市澄溪县城关镇柳荫巷3号2单元501室";
    Applicant {
        email: Some("chen.mingyuan@example.cn".to_owned()),
        ..person_with("陈明远", "19900307", "021", "13800000000", address)
    }
}
