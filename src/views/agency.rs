//! Agencies as the public meets them (the guide of Article 12) and as administrators do, and their units.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::people::agency::{AgencyLevel, AgencySettings, ChannelNotice, GuideChannel};
use crate::domain::words::ids::{AgencyId, UnitId};
use crate::store::agencies::{Agency, Unit};

/// The public guide of an agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyView {
    pub id: AgencyId,
    pub parent_id: Option<AgencyId>,
    #[schema(examples("CXFB"))]
    pub code: String,
    #[schema(examples("澄溪县人民政府办公室"))]
    pub name: String,
    pub level: AgencyLevel,
    #[schema(examples("县级"))]
    pub level_label: &'static str,
    pub address: String,
    pub phone: String,
    pub fax: Option<String>,
    pub office_hours: String,
    pub internet: Option<String>,
    pub classification: Option<String>,
    pub arrangement: Option<String>,
    pub access: Option<String>,
    /// Every channel that is open; in person and by post always are.
    pub channels: Vec<ChannelNotice>,
}

impl From<Agency> for AgencyView {
    fn from(agency: Agency) -> Self {
        let guide = agency.data.guide;
        let mut channels = guide.channels;
        for channel in [
            GuideChannel::InPerson,
            GuideChannel::RegisteredMail,
            GuideChannel::OrdinaryMail,
        ] {
            if !channels.iter().any(|notice| notice.channel == channel) {
                channels.push(ChannelNotice {
                    channel,
                    announced_from: None,
                    details: None,
                });
            }
        }
        channels.sort_by_key(|notice| notice.channel);
        Self {
            id: agency.id,
            parent_id: agency.parent_id,
            code: agency.code,
            name: agency.data.name,
            level: agency.data.level,
            level_label: agency.data.level.label(),
            address: guide.address,
            phone: guide.phone,
            fax: guide.fax,
            office_hours: guide.office_hours,
            internet: guide.internet,
            classification: guide.classification,
            arrangement: guide.arrangement,
            access: guide.access,
            channels,
        }
    }
}

/// An agency with what only administrators see.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminAgencyView {
    #[serde(flatten)]
    guide: AgencyView,
    document_prefix: String,
    reconsideration_organ: String,
    court: String,
    settings: AgencySettings,
    active: bool,
    pub version: i64,
}

impl From<Agency> for AdminAgencyView {
    fn from(agency: Agency) -> Self {
        Self {
            document_prefix: agency.data.document_prefix.clone(),
            reconsideration_organ: agency.data.reconsideration_organ.clone(),
            court: agency.data.court.clone(),
            settings: agency.data.settings.clone(),
            active: agency.active,
            version: agency.version,
            guide: agency.into(),
        }
    }
}

/// A business unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitView {
    pub id: UnitId,
    pub agency_id: AgencyId,
    #[schema(examples("国土空间规划股"))]
    pub name: String,
    pub active: bool,
    pub version: i64,
}

impl From<Unit> for UnitView {
    fn from(unit: Unit) -> Self {
        Self {
            id: unit.id,
            agency_id: unit.agency_id,
            name: unit.name,
            active: unit.active,
            version: unit.version,
        }
    }
}
