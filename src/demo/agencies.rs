//! Agencies and accounts as the demonstration makes them: through the functions of real ones.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::people::agency::{AgencyData, AgencyLevel, AgencySettings, ChannelNotice, Guide, GuideChannel};
use crate::domain::words::ids::{AgencyId, UnitId};
use crate::error::Error;
use crate::service::agencies::{NewAgency, agency_create, unit_create};
use crate::service::people::{By, NewUser, user_create};
use crate::service::seeding::{Agency, Tx, User};

/// A transaction in which agencies open.
#[derive(Debug)]
pub struct Opening<'a, 'tx> {
    pub tx: &'a mut Tx<'tx>,
    pub now: DateTime<Utc>,
    /// Of the password of every account.
    pub password_hash: &'a str,
}

impl Opening<'_, '_> {
    /// Opens an agency with these units.
    ///
    /// # Errors
    /// Failures of the database; a conflict when the agency is there already.
    pub fn agency(
        &mut self,
        parent_id: Option<AgencyId>,
        code: &str,
        data: AgencyData,
        units: &[&str],
    ) -> Result<(Agency, Vec<UnitId>), Error> {
        let code = code.to_owned();
        let new = NewAgency { parent_id, code, data };
        let agency = agency_create(self.tx, By::Console, self.now, new)?;
        let mut made = Vec::new();
        for name in units {
            made.push(unit_create(self.tx, By::Console, self.now, agency.id, name)?.id);
        }
        Ok((agency, made))
    }

    /// Makes an account of the demonstration.
    ///
    /// # Errors
    /// Failures of the database; a conflict when the account is there already.
    pub fn account(&mut self, username: &str, name: &str, new: NewUser) -> Result<User, Error> {
        let new = NewUser {
            username: username.to_owned(),
            name: name.to_owned(),
            demo: true,
            ..new
        };
        user_create(self.tx, By::Console, self.now, new, self.password_hash)
    }
}

/// What an agency says of itself; its organ of reconsideration and its court are `contested`.
pub fn data(name: &str, level: AgencyLevel, prefix: &str, guide: Guide, contested: (&str, &str)) -> AgencyData {
    AgencyData {
        name: name.to_owned(),
        level,
        guide,
        document_prefix: prefix.to_owned(),
        reconsideration_organ: contested.0.to_owned(),
        court: contested.1.to_owned(),
        settings: AgencySettings::default(),
    }
}

/// The guide of an agency that has taken applications on every channel since this year (Art 12).
pub fn guide(address: &str, phone: &str, since: i32) -> Guide {
    let notice = |channel, details: String| ChannelNotice {
        channel,
        announced_from: NaiveDate::from_ymd_opt(since, 1, 1),
        details: Some(details),
    };
    Guide {
        address: address.to_owned(),
        phone: phone.to_owned(),
        fax: Some(phone.to_owned()),
        office_hours: "工作日 8:30—12:00，14:30—17:30".to_owned(),
        internet: None,
        classification: None,
        arrangement: None,
        access: None,
        channels: vec![
            notice(GuideChannel::InPerson, format!("{address}政务公开受理窗口")),
            notice(GuideChannel::RegisteredMail, format!("{address}，邮编337000")),
            notice(GuideChannel::OrdinaryMail, format!("{address}，邮编337000")),
            notice(GuideChannel::Fax, phone.to_owned()),
            notice(GuideChannel::Online, "本系统网上申请".to_owned()),
        ],
    }
}
