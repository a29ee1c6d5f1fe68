//! The table of people (roles and what they see), row by row, and its agreement with the database's scope.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use gongkai::domain::document::Purpose;
use gongkai::domain::people::access::*;
use gongkai::domain::words::ids::{AgencyId, Id, UnitId, UserId};

fn id<T: Id>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

const COUNTY: u128 = 1;
const BUREAU: u128 = 2;
const TOWN: u128 = 3;

/// County, with the bureau and the town below it.
fn path(agency: u128) -> AgencyPath {
    let county = AgencyPath::root(id(COUNTY));
    if agency == COUNTY {
        county
    } else {
        county.child(id(agency))
    }
}

fn actor(roles: &[(u128, Role)], unit: Option<u128>) -> Actor {
    let mut grants: BTreeMap<AgencyId, Grant> = BTreeMap::new();
    for (agency, role) in roles {
        let grant = grants.entry(id(*agency)).or_insert_with(|| Grant {
            path: path(*agency),
            roles: BTreeSet::new(),
        });
        grant.roles.insert(*role);
    }
    Actor {
        user_id: id(77),
        username: "someone".to_owned(),
        name: "某人".to_owned(),
        agency_id: roles.first().map(|(agency, _)| id(*agency)),
        unit_id: unit.map(id),
        applicant: false,
        administrator: false,
        grants,
    }
}

struct Facts {
    agency: u128,
    applicant: Option<u128>,
    units: Vec<UnitId>,
    draft: bool,
    legal: bool,
}

fn facts(agency: u128) -> Facts {
    Facts {
        agency,
        applicant: Some(1000),
        units: vec![id(50)],
        draft: false,
        legal: false,
    }
}

fn see(actor: &Actor, facts: &Facts) -> Visibility {
    let path = path(facts.agency);
    visibility(actor, &access(facts, &path))
}

fn access<'a>(facts: &'a Facts, path: &'a AgencyPath) -> CaseAccess<'a> {
    CaseAccess {
        agency_id: id(facts.agency),
        agency_path: path,
        applicant_user_id: facts.applicant.map(id),
        assigned_units: &facts.units,
        reached_draft: facts.draft,
        reached_legal: facts.legal,
    }
}

fn staff(roles: &[Role], contact_clear: bool) -> Visibility {
    Visibility::Staff {
        roles: roles.iter().copied().collect(),
        contact_clear,
    }
}

#[test]
fn a_document_is_its_uploaders_and_then_follows_the_case() {
    use Purpose::*;
    let (me, other): (UserId, UserId) = (id(77), id(78));
    let officer = staff(&[Role::Officer], true);
    let held = |visibility, released| Some(Holding { visibility, released });
    let (none, own) = (&Visibility::None, &Visibility::Applicant);
    for (by, purposes, holding, readable) in [
        // Nobody's case: the uploader's alone.
        (me, Purpose::ALL, None, true),
        (other, Purpose::ALL, None, false),
        // A case out of sight hides even what one uploaded.
        (me, Purpose::ALL, held(none, false), false),
        (me, Purpose::ALL, held(none, true), false),
        // Staff who see the case see all of it.
        (other, Purpose::ALL, held(&officer, false), true),
        // The applicant: what he supplied …
        (
            me,
            &[
                Identity,
                Application,
                Authorisation,
                Evidence,
                Payment,
                Withdrawal,
                Supplement,
                Other,
            ],
            held(own, false),
            true,
        ),
        (
            me,
            &[SearchResult, Reply, DeliveryProof, Notice, Opinion, Decision, Review],
            held(own, false),
            false,
        ),
        (other, Purpose::ALL, held(own, false), false),
        // … and what a reply gave him.
        (other, &[Reply, SearchResult, Evidence], held(own, true), true),
    ] {
        for purpose in purposes {
            let found = may_read_document(me, by, *purpose, holding);
            assert_eq!(found, readable, "{purpose:?} of {by} in {holding:?}");
        }
    }
    // After a split one case in sight is enough.
    let both = [held(none, false), held(&officer, false)].into_iter().flatten();
    assert!(may_read_document(me, other, Evidence, both));
}

#[test]
fn each_role_sees_its_row_of_the_table() {
    use Role::{Approver, Clerk, Handler, Legal, Officer, Secrecy, Supervisor};
    let drafted = Facts {
        draft: true,
        ..facts(COUNTY)
    };
    let reviewed = Facts {
        draft: true,
        legal: true,
        ..facts(COUNTY)
    };
    for (role, unit, case, expected) in [
        (Clerk, None, &facts(COUNTY), staff(&[Clerk], true)),
        (Officer, None, &facts(COUNTY), staff(&[Officer], true)),
        (Approver, None, &facts(COUNTY), staff(&[Approver], false)),
        (Handler, Some(50), &facts(COUNTY), staff(&[Handler], false)),
        (Handler, Some(51), &facts(COUNTY), Visibility::None),
        (Handler, None, &facts(COUNTY), Visibility::None),
        (Secrecy, None, &facts(COUNTY), Visibility::None),
        (Secrecy, None, &drafted, staff(&[Secrecy], false)),
        (Legal, None, &drafted, Visibility::None),
        (Legal, None, &reviewed, staff(&[Legal], false)),
        (Supervisor, None, &facts(COUNTY), staff(&[Supervisor], false)),
        (Supervisor, None, &facts(TOWN), staff(&[Supervisor], false)),
        (Officer, None, &facts(TOWN), Visibility::None),
        (Clerk, None, &facts(BUREAU), Visibility::None),
    ] {
        assert_eq!(
            see(&actor(&[(COUNTY, role)], unit), case),
            expected,
            "{role:?} {unit:?}"
        );
    }
}

#[test]
fn supervision_goes_down_and_never_up_or_sideways() {
    let bureau = actor(&[(BUREAU, Role::Supervisor)], None);
    assert_eq!(see(&bureau, &facts(COUNTY)), Visibility::None);
    assert_eq!(see(&bureau, &facts(TOWN)), Visibility::None);
    assert_eq!(see(&bureau, &facts(BUREAU)), staff(&[Role::Supervisor], false));
}

#[test]
fn a_borrowed_person_works_in_both_agencies_each_with_its_own_roles() {
    let lent = actor(&[(COUNTY, Role::Officer), (TOWN, Role::Approver)], None);
    assert_eq!(see(&lent, &facts(TOWN)), staff(&[Role::Approver], false));
    assert_eq!(see(&lent, &facts(COUNTY)), staff(&[Role::Officer], true));
    assert_eq!(lent.roles(), BTreeSet::from([Role::Officer]));
    assert!(lent.holds(Role::Approver) && !lent.holds(Role::Clerk));
}

#[test]
fn applicants_see_their_own_and_are_never_staff_in_it() {
    let mut person = actor(&[(COUNTY, Role::Officer)], None);
    person.applicant = true;
    let own = Facts {
        applicant: Some(77),
        ..facts(COUNTY)
    };
    assert_eq!(see(&person, &own), Visibility::Applicant);
    assert_eq!(see(&person, &facts(COUNTY)), staff(&[Role::Officer], true));
    let citizen = Actor {
        applicant: true,
        ..actor(&[], None)
    };
    assert_eq!(
        see(
            &citizen,
            &Facts {
                applicant: Some(77),
                ..facts(TOWN)
            }
        ),
        Visibility::Applicant
    );
    assert_eq!(see(&citizen, &facts(TOWN)), Visibility::None);
}

#[test]
fn administrators_see_no_case() {
    let admin = Actor {
        administrator: true,
        ..actor(&[], None)
    };
    assert_eq!(see(&admin, &facts(COUNTY)), Visibility::None);
    assert_eq!(admin.roles(), BTreeSet::from([Role::Admin]));
    assert!(CaseScope::of(&admin).is_empty());
}

#[test]
fn paths_are_read_back_and_compared_whole() {
    let town = path(TOWN);
    assert_eq!(town.as_str().parse::<AgencyPath>().unwrap(), town);
    assert_eq!(town.depth(), 2);
    assert!(path(COUNTY).covers(&town) && !town.covers(&path(COUNTY)) && !path(BUREAU).covers(&town));
    for bad in ["", "/", "//", "abc", "/abc/", "/00000000-0000-0000-0000-000000000001"] {
        assert!(bad.parse::<AgencyPath>().is_err(), "{bad}");
    }
}

#[test]
fn codes_are_the_json_words() {
    for &role in Role::ALL {
        assert_eq!(serde_json::to_value(role).unwrap(), role.code());
        assert_eq!(role.code().parse::<Role>(), Ok(role));
    }
    assert!("root".parse::<Role>().is_err());
}

proptest! {
    /// What the queues select is what single cases show.
    #[test]
    fn scope_and_visibility_agree(
        grants in proptest::collection::vec((1_u128..4, 0_usize..9), 0..5),
        unit in proptest::option::of(50_u128..53),
        applicant in any::<bool>(), agency in 1_u128..4, by in proptest::option::of(76_u128..79),
        units in proptest::collection::vec(50_u128..53, 0..3), draft in any::<bool>(), legal in any::<bool>(),
    ) {
        let grants: Vec<(u128, Role)> = grants.into_iter().map(|(agency, role)| (agency, Role::ALL[role])).collect();
        let person = Actor { applicant, ..actor(&grants, unit) };
        // Only an applicant's account can be the applicant of a case.
        prop_assume!(applicant || by != Some(77));
        let case = Facts { agency, applicant: by, units: units.into_iter().map(id).collect(), draft, legal };
        let path = path(agency);
        let staff = matches!(see(&person, &case), Visibility::Staff { .. });
        prop_assert_eq!(CaseScope::of(&person).contains(&access(&case, &path)), staff);
    }
}
