//! The two-valued statements, by brute force: unknown is never true, and every "follows from" and "absorbs" the
//! core relies on is really so.

use access::{Arm, Column, Dimension, Facts, Literal};
use access_oracle::{Dice, generate, random_facts};
use uuid::Uuid;

const NUMBERS: [Column; 4] = [Column::Visibility, Column::AuthorMayEdit, Column::Closed, Column::Emergency];
const PEOPLE: [Column; 3] = [Column::Author, Column::Assignee, Column::Requester];

fn all_literals() -> Vec<Literal> {
    let mut all = Vec::new();
    for column in NUMBERS {
        for n in -1..=4 {
            all.extend([Literal::AtLeast(column, n), Literal::Is(column, n), Literal::IsNot(column, n)]);
        }
    }
    for column in PEOPLE {
        all.extend([Literal::IsMe(column), Literal::NotMe(column)]);
    }
    all
}

const ME: Uuid = Uuid::from_u128(1);

/// All facts over two columns of numbers and the person columns, absent included.
fn all_facts() -> Vec<Facts> {
    let mut all = Vec::new();
    let people = [None, Some(ME), Some(Uuid::from_u128(2))];
    for a in [None, Some(-1), Some(0), Some(1), Some(2), Some(3), Some(4)] {
        for author in people {
            for assignee in people {
                all.push(Facts {
                    visibility: a,
                    author_may_edit: a,
                    closed: a,
                    emergency: a,
                    author,
                    assignee,
                    requester: author,
                    ..Facts::default()
                });
            }
        }
    }
    all
}

#[test]
fn a_statement_about_something_unknown_is_false() {
    for literal in all_literals() {
        assert!(!literal.holds(&Facts::default(), ME), "{literal:?} of nothing known");
    }
}

#[test]
fn statements_mean_what_they_say() {
    for facts in all_facts() {
        for literal in all_literals() {
            let means = match literal {
                Literal::AtLeast(c, n) => facts.number(c).map(|known| known >= n),
                Literal::Is(c, n) => facts.number(c).map(|known| known == n),
                Literal::IsNot(c, n) => facts.number(c).map(|known| known != n),
                Literal::IsMe(c) => facts.person(c).map(|known| known == ME),
                Literal::NotMe(c) => facts.person(c).map(|known| known != ME),
            };
            assert_eq!(literal.holds(&facts, ME), means == Some(true), "{literal:?} of {facts:?}");
        }
    }
}

#[test]
fn what_follows_follows() {
    let facts = all_facts();
    let mut followed = 0;
    for weak in all_literals() {
        for strong in all_literals() {
            if weak.follows_from(strong) {
                followed += 1;
                let broken = facts.iter().find(|f| strong.holds(f, ME) && !weak.holds(f, ME));
                assert_eq!(broken, None, "{weak:?} does not follow from {strong:?}");
            }
        }
    }
    assert!(followed > 100, "only {followed} pairs follow");
}

/// A random arm over the keys of a tenant.
fn random_arm(dice: &mut Dice, keys: &Facts) -> Arm {
    let dimension = *dice.pick(&[
        Dimension::Organization,
        Dimension::Area,
        Dimension::Team,
        Dimension::Client,
        Dimension::Site,
        Dimension::Own(Column::Author),
        Dimension::Own(Column::Assignee),
    ]);
    let mut ids: Vec<Uuid> = match dimension {
        Dimension::Organization => vec![keys.organization],
        Dimension::Own(_) => vec![ME],
        _ => (1..=4).map(Uuid::from_u128).filter(|_| dice.chance(50)).collect(),
    };
    ids.sort_unstable();
    let few = [
        Literal::AtLeast(Column::Visibility, 2),
        Literal::AtLeast(Column::Visibility, 3),
        Literal::Is(Column::Visibility, 3),
        Literal::IsNot(Column::Visibility, 0),
        Literal::Is(Column::Closed, 0),
        Literal::IsMe(Column::Author),
        Literal::NotMe(Column::Author),
    ];
    let mut literals = dice.some(20, &few);
    literals.sort_unstable();
    Arm {
        dimension,
        ids: ids.into(),
        literals: literals.into_iter().collect(),
        sources: [0].into_iter().collect(),
        parts: Box::default(),
    }
}

fn lets(arm: &Arm, facts: &Facts) -> bool {
    arm.reaches(facts) && arm.literals.iter().all(|l| l.holds(facts, ME))
}

/// Absorbing drops an arm from a plan, and lets a giver give it: it must never be wider than it says.
#[test]
fn what_absorbs_covers() {
    let organization = Uuid::from_u128(9);
    let mut dice = Dice::new(7);
    let mut facts = Vec::new();
    for _ in 0..400 {
        let known = |dice: &mut Dice| dice.maybe(25, &[1, 2, 3, 4]).map(Uuid::from_u128);
        facts.push(Facts {
            organization,
            area: known(&mut dice),
            team: known(&mut dice),
            client: known(&mut dice),
            site: known(&mut dice),
            visibility: dice.maybe(20, &[0, 1, 2, 3]),
            closed: dice.maybe(20, &[0, 1]),
            author: dice.maybe(20, &[1, 2]).map(Uuid::from_u128),
            assignee: dice.maybe(20, &[1, 2]).map(Uuid::from_u128),
            ..Facts::default()
        });
    }
    let mut absorbed = 0;
    for _ in 0..20_000 {
        let keys = Facts::of(organization);
        let (wide, narrow) = (random_arm(&mut dice, &keys), random_arm(&mut dice, &keys));
        if wide.absorbs(&narrow) {
            absorbed += 1;
            let broken = facts.iter().find(|f| lets(&narrow, f) && !lets(&wide, f));
            assert_eq!(broken, None, "{wide:?}\ndoes not cover\n{narrow:?}");
        }
    }
    assert!(absorbed > 500, "only {absorbed} pairs absorbed");
}

#[test]
fn the_same_seed_makes_the_same_world() {
    assert_eq!(format!("{:?}", generate(11)), format!("{:?}", generate(11)));
    assert_ne!(format!("{:?}", generate(11).tenants), format!("{:?}", generate(12).tenants));
    let world = generate(3);
    let mut dice = Dice::new(1);
    let absent = (0..200).filter(|_| random_facts(&mut dice, &world.tenants[0]).client.is_none()).count();
    assert!((3..100).contains(&absent), "{absent} of 200 records without a client");
}
