//! Who stands behind an entry of the log.

use crate::domain::people::access::Role;
use crate::domain::words::ids::UserId;
use serde::{Deserialize, Serialize};

/// Who made an entry: a person in a role, or a timer of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub user_id: Option<UserId>,
    pub role: Option<Role>,
}
