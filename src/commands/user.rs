//! `gongkai user`: accounts made and mended by whoever runs the installation.

use clap::Subcommand;
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::domain::people::access::Role;
use gongkai::domain::people::account::normalise_username;
use gongkai::error::Error;
use gongkai::service::first_account::new_password;
use gongkai::service::people::{By, NewUser, password_set, user_create};
use gongkai::site::Site;
use gongkai::store::agencies::agency_by_code;
use gongkai::store::users::{User, UserFilter, user_by_username, user_list};
use gongkai::telemetry;

use super::terminal::say;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create an account with a random password, printed once
    Create {
        username: String,
        /// Name of the person
        #[arg(long)]
        name: String,
        /// Code of the agency the person works in
        #[arg(long, value_name = "CODE")]
        agency: Option<String>,
        /// A role in that agency; may be given several times
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<Role>,
        /// Administers the installation
        #[arg(long)]
        admin: bool,
    },
    /// Give an account a new random password, printed once; all its sessions end
    ResetPassword { username: String },
    /// List all accounts
    List,
}

pub fn run(config: Config, command: UserCommand) -> anyhow::Result<()> {
    telemetry::init(&config.log)?;
    let site = Site::open(config, Clock::system())?;
    match command {
        UserCommand::Create {
            username,
            name,
            agency,
            roles,
            admin,
        } => {
            let new = NewUser {
                username,
                name,
                roles: roles.into_iter().collect(),
                administrator: admin,
                ..NewUser::default()
            };
            create(&site, new, agency.as_deref())
        }
        UserCommand::ResetPassword { username } => reset_password(&site, &username),
        UserCommand::List => list(&site),
    }
}

fn create(site: &Site, new: NewUser, agency: Option<&str>) -> anyhow::Result<()> {
    let password = new_password();
    let hash = site.auth.passwords.hash(&password)?;
    let user = site.store.write(|tx| {
        let agency_id = match agency {
            Some(code) => Some(agency_by_code(tx, code)?.id),
            None => None,
        };
        let new = NewUser {
            agency_id,
            ..new.clone()
        };
        user_create(tx, By::Console, site.clock.now(), new, &hash)
    });
    told(&user.map_err(explained)?, &password)
}

fn reset_password(site: &Site, username: &str) -> anyhow::Result<()> {
    let password = new_password();
    let hash = site.auth.passwords.hash(&password)?;
    let user = site.store.write(|tx| {
        let (user, _) = user_by_username(tx, &normalise_username(username))?.ok_or(Error::NotFound)?;
        password_set(tx, By::Console, site.clock.now(), user, &hash)
    });
    told(&user.map_err(explained)?, &password)
}

fn told(user: &User, password: &str) -> anyhow::Result<()> {
    say!(
        "{}  密码 password: {password}  （仅显示一次 shown once）",
        user.username
    )
}

fn list(site: &Site) -> anyhow::Result<()> {
    let mut filter = UserFilter {
        limit: 200,
        ..UserFilter::default()
    };
    loop {
        let page = site.store.read(|db| user_list(db, &filter))?;
        for user in &page {
            let active = if user.active { "active" } else { "closed" };
            let kind = if user.administrator { "admin" } else { "" };
            say!("{}\t{}\t{}\t{active}\t{kind}", user.id, user.username, user.name)?;
        }
        match page.last() {
            Some(last) => filter.after = Some(last.id),
            None => return Ok(()),
        }
    }
}

/// The fields that are wrong belong to the message on the terminal.
fn explained(error: Error) -> anyhow::Error {
    match &error {
        Error::Fields(fields) => {
            let lines: Vec<String> = fields
                .iter()
                .map(|f| format!("{}: {}", f.pointer, f.detail.zh))
                .collect();
            anyhow::anyhow!(lines.join("\n"))
        }
        Error::Conflict { detail, .. } => anyhow::anyhow!(detail.zh.to_string()),
        Error::NotFound => anyhow::anyhow!("没有这个用户或机关 no such user or agency"),
        _ => error.into(),
    }
}
