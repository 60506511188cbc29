//! P2, P3, P4, P12: predicate, pages, counts, masks and filters against the core (which the other tests hold against
//! the oracle), with the same answers on both engines.

use std::cell::Cell;

use access::{FieldClass, Permission, Plan, Sight};
use access_oracle::{Dice, for_worlds, random_facts, world_count};
use kernel::page::{Page, PageSize};
use store::listing::{self, Listing, Table};
use store::{Batch, Store, params};
use uuid::Uuid;

use crate::shelf::{CLASSES, Given, NAMES, Shelf, Stored, TABLES, facts, fill, put, rows, view};

fn text<T>(answer: kernel::Result<T>) -> Result<T, String> {
    answer.map_err(|e| format!("{e:?}"))
}

fn page_size(rows: usize) -> PageSize {
    PageSize::of(u16::try_from(rows).ok())
}

async fn all(listing: Listing<'_>, store: &Store) -> Result<Vec<Given>, String> {
    let mut found = Vec::new();
    let (send, receive) = std::sync::mpsc::channel();
    text(
        listing
            .each(store, move |row: Given| {
                let _ = send.send(row);
                Ok(())
            })
            .await,
    )?;
    found.extend(receive.try_iter());
    Ok(found)
}

/// Does something for some members and a table in each world, with the table filled.
fn each(
    share: u64,
    work: &impl AsyncFn(&Store, &Plan, &'static Table, &[Stored], Dice) -> Result<Vec<Given>, String>,
) {
    let shelf = Shelf::new();
    let given = Cell::new(0);
    for_worlds(share, |world, dice| {
        let table = TABLES[dice.below(TABLES.len())];
        let stored = rows(world, table);
        for store in shelf.stores() {
            text(shelf.runtime.block_on(fill(&store, table, &stored)))?;
        }
        for (tenant, member) in world.members() {
            let plan = tenant.plan(member, world.now);
            if !plan.may_ever(view(table)) && dice.chance(70) {
                continue;
            }
            shelf.on_each(&async |store: &Store| {
                let answer = work(store, &plan, table, &stored, dice.clone()).await?;
                given.set(given.get() + answer.len());
                Ok(answer)
            })?;
        }
        Ok(())
    });
    println!("{} random worlds on each engine, {} rows given", world_count(share), given.get());
    let least = usize::try_from(world_count(share)).unwrap();
    assert!(given.get() >= least, "the listings gave almost nothing: {}", given.get());
}

fn permissions(dice: &mut Dice, table: &Table) -> Vec<Permission> {
    let mut some: Vec<Permission> = Permission::of(table.resource).filter(|_| dice.chance(30)).collect();
    some.push(view(table));
    some
}

fn newest_first(rows: &[Stored], keep: impl Fn(&Stored) -> bool) -> Vec<Uuid> {
    let mut kept: Vec<&Stored> = rows.iter().filter(|row| keep(row)).collect();
    kept.sort_by_key(|row| std::cmp::Reverse((row.record.at, row.record.id)));
    kept.iter().map(|row| row.record.id).collect()
}

/// P2. The predicate reaches exactly what `check` lets through, as a listing, as the condition of a write, and one
/// by one.
#[test]
fn the_predicate_is_the_decision() {
    each(1, &async |store, plan, table, stored, mut dice| {
        let mut seen = Vec::new();
        for permission in permissions(&mut dice, table) {
            let expected = newest_first(stored, |row| {
                plan.check(permission, facts(row)) && plan.check(view(table), facts(row))
            });
            let given = all(text(Listing::new(plan, permission, table))?, store).await?;
            let ids: Vec<Uuid> = given.iter().map(|row| row.id).collect();
            if ids != expected {
                return Err(format!("{permission}: {ids:?} instead of {expected:?}"));
            }
            let (condition, values) = listing::predicate(plan, permission, table, Vec::new());
            let sql = format!("select id from {} where 1 = 1{condition}", table.name);
            let mut ids: Vec<Uuid> =
                text(store.all::<(Uuid,)>(&sql, values).await)?.into_iter().map(|(id,)| id).collect();
            let mut expected = newest_first(stored, |row| plan.check(permission, facts(row)));
            ids.sort_unstable();
            expected.sort_unstable();
            if ids != expected {
                return Err(format!("{permission} as a condition: {ids:?} instead of {expected:?}"));
            }
            seen.extend(given);
        }
        for row in stored.iter().take(4) {
            let found = listing::find::<Given>(store, plan, view(table), table, row.record.id).await;
            match (plan.check(view(table), facts(row)), found) {
                (true, Ok((_, found))) if found == *facts(row) => {}
                (false, Err(kernel::Error::NotFound)) => {}
                (may, found) => return Err(format!("found {found:?}, may view: {may}")),
            }
        }
        let nothing = listing::find::<Given>(store, plan, view(table), table, Uuid::nil()).await;
        if !matches!(nothing, Err(kernel::Error::NotFound)) {
            return Err(format!("found what is not there: {nothing:?}"));
        }
        Ok(seen)
    });
}

/// All pages of a listing, one after the other, with random sizes.
async fn pages(
    dice: &mut Dice,
    store: &Store,
    mut between: impl AsyncFnMut(&mut Dice) -> Result<(), String>,
    listing: impl Fn() -> Result<Listing<'static>, String>,
) -> Result<Vec<Given>, String> {
    let mut given = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..100 {
        let size = page_size(dice.between(1, 5));
        let page: Page<Given> = text(listing()?.rows(size).after(cursor.as_deref()).page(store).await)?;
        if page.items.len() > size.rows() || (page.items.is_empty() && page.next.is_some()) {
            return Err(format!("a page of {} for {}", page.items.len(), size.rows()));
        }
        given.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(given),
        }
        between(dice).await?;
    }
    Err("the pages do not end".into())
}

/// P3. Pages one after the other are the sorted list, without gap or repeat, in every order; the count is its
/// length up to the cap.
#[test]
fn pages_are_the_sorted_list() {
    each(8, &async |store, plan, table, stored, mut dice| {
        let plan: &'static Plan = Box::leak(Box::new(plan.clone()));
        let mut seen = Vec::new();
        for order in ["at", "-at", "title", "-title"] {
            let mut kept: Vec<&Stored> =
                stored.iter().filter(|row| plan.check(view(table), facts(row))).collect();
            match order.trim_start_matches('-') {
                "at" => kept.sort_by_key(|row| (row.record.at, row.record.id)),
                _ => kept.sort_by_key(|row| (row.fields[0].clone(), row.record.id)),
            }
            if matches!(order, "at" | "-title") {
                kept.reverse();
            }
            let expected: Vec<Uuid> = kept.iter().map(|row| row.record.id).collect();
            let listing = || text(Listing::new(plan, view(table), table).and_then(|l| l.order(order)));
            if !plan.may_ever(view(table)) {
                // To whom the table is nothing, its orders are nothing.
                if listing().is_ok() {
                    return Err(format!("{order} of what is never seen"));
                }
                continue;
            }
            let given = pages(&mut dice, store, async |_| Ok(()), listing).await?;
            let ids: Vec<Uuid> = given.iter().map(|row| row.id).collect();
            if ids != expected {
                return Err(format!("by {order}: {ids:?} instead of {expected:?}"));
            }
            for most in [1, 3, 500] {
                let count = text(listing()?.count(store, most).await)?;
                if count != expected.len().min(most + 1) {
                    return Err(format!("counted {count} of {} up to {most}", expected.len()));
                }
            }
            seen.extend(given);
        }
        Ok(seen)
    });
}

/// P3 while others publish, take back, file and archive between the pages: nothing comes twice, nothing comes that
/// was never visible while the reader read, and what was visible all the time is not missed.
#[test]
fn pages_hold_while_records_change() {
    let shelf = Shelf::new();
    let given = Cell::new(0);
    for_worlds(16, |world, dice| {
        let table: &'static Table = TABLES[dice.below(4)];
        for tenant in &world.tenants {
            let member = dice.pick(&tenant.members);
            let plan: &'static Plan = Box::leak(Box::new(tenant.plan(member, world.now)));
            for store in shelf.stores() {
                let mut dice = dice.clone();
                let mut now = rows(world, table);
                text(shelf.runtime.block_on(fill(&store, table, &now)))?;
                let see = |row: &Stored| plan.check(view(table), facts(row));
                let visible = |now: &[Stored]| -> Vec<Uuid> {
                    now.iter().filter(|row| see(row)).map(|row| row.record.id).collect()
                };
                let mut ever = visible(&now);
                let mut always = ever.clone();
                let change = async |dice: &mut Dice| {
                    let mut batch = Batch::new();
                    for _ in 0..2 {
                        let place = dice.below(now.len());
                        let level = dice.below(4) as i64;
                        now[place].record.facts.visibility = Some(level);
                        batch.run(
                            format!("update {} set visibility = $1 where id = $2", table.name),
                            params![level, now[place].record.id],
                        );
                    }
                    let mut fresh = now[dice.below(now.len())].clone();
                    fresh.record.id = Uuid::from_u64_pair(dice.number(), dice.number());
                    fresh.record.facts = random_facts(dice, tenant);
                    fresh.record.facts.visibility = Some(3);
                    put(&mut batch, table, &fresh);
                    now.push(fresh);
                    text(store.commit(batch).await)?;
                    let seen = visible(&now);
                    always.retain(|id| seen.contains(id));
                    ever.extend(seen);
                    Ok(())
                };
                let listing = || text(Listing::new(plan, view(table), table));
                let found = shelf.runtime.block_on(pages(&mut dice, &store, change, listing))?;
                let mut ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
                given.set(given.get() + ids.len());
                if let Some(missed) = always.iter().find(|id| !ids.contains(id)) {
                    return Err(format!("{missed} was there all the time and was missed"));
                }
                if let Some(hidden) = ids.iter().find(|id| !ever.contains(id)) {
                    return Err(format!("{hidden} was never visible"));
                }
                let count = ids.len();
                ids.sort_unstable();
                ids.dedup();
                if ids.len() != count {
                    return Err("something came twice".into());
                }
            }
        }
        Ok(())
    });
    assert!(given.get() > 20, "the pages gave almost nothing: {}", given.get());
}

/// P4. A field comes exactly where `shows` says; elsewhere it is null, like one that is empty.
#[test]
fn masked_fields_are_null() {
    let masked = Cell::new([0, 0]);
    each(8, &async |store, plan, table, stored, mut dice| {
        let mut given = all(text(Listing::new(plan, view(table), table))?, store).await?;
        // However the rows are asked for.
        let another = *dice.pick(&Permission::of(table.resource).collect::<Vec<_>>());
        given.extend(all(text(Listing::new(plan, another, table))?, store).await?);
        for row in &given {
            let kept = stored.iter().find(|s| s.record.id == row.id).ok_or("a row from nowhere")?;
            for (place, class) in CLASSES.iter().enumerate() {
                let shows = plan.shows(table.resource, *class, facts(kept));
                let expected = shows.then(|| kept.fields[place].clone());
                if row.fields[place] != expected {
                    return Err(format!(
                        "{} is {:?}, {class} shows: {shows}",
                        NAMES[place], row.fields[place]
                    ));
                }
                let [no, yes] = masked.get();
                masked.set(if shows { [no, yes + 1] } else { [no + 1, yes] });
            }
        }
        Ok(given)
    });
    let [no, yes] = masked.get();
    assert!(no > 100 && yes > 100, "masks were hardly tried: {no} hidden, {yes} shown");
}

/// A field that is not shown on every row does not exist for filters and orders, in the same words as one that
/// really does not; one that is filters as it reads. A search looks only at what is shown on every row.
#[test]
fn filters_and_orders_see_the_masked_view() {
    let refused = Cell::new([0, 0]);
    each(8, &async |store, plan, table, stored, _| {
        let new = || text(Listing::new(plan, view(table), table));
        let said = |e: &kernel::Error, name: &str| format!("{e:?}").replace(name, "it");
        let nothing = said(&new()?.is("nonsense", "x").unwrap_err(), "nonsense");
        let nothing_to_order = said(&new()?.order("nonsense").unwrap_err(), "nonsense");
        let mut seen = Vec::new();
        for (place, name) in NAMES.iter().enumerate() {
            let always = plan.sight(table.resource, CLASSES[place]) == Sight::Always;
            let wanted = format!("{name} 1");
            let filters = [
                new()?.is(name, wanted.as_str()),
                new()?.one_of(name, vec![wanted.as_str().into()]),
                new()?.at_least(name, wanted.as_str()),
                new()?.below(name, wanted.as_str()),
                new()?.unknown(name),
            ];
            for (which, filter) in filters.into_iter().enumerate() {
                let filter = match (filter, always) {
                    (Ok(filter), true) => filter,
                    (Err(e), false) if said(&e, name) == nothing => {
                        refused.set([refused.get()[0] + 1, refused.get()[1]]);
                        continue;
                    }
                    (filter, _) => return Err(format!("{name}, always shown: {always}: {filter:?}")),
                };
                refused.set([refused.get()[0], refused.get()[1] + 1]);
                let expected = newest_first(stored, |row| {
                    let field = row.fields[place].as_str();
                    plan.check(view(table), facts(row))
                        && match which {
                            0 | 1 => field == wanted,
                            2 => field >= wanted.as_str(),
                            3 => field < wanted.as_str(),
                            _ => false,
                        }
                });
                let given = all(filter, store).await?;
                if given.iter().map(|row| row.id).collect::<Vec<_>>() != expected {
                    return Err(format!("filter {which} by {name}: {given:?} instead of {expected:?}"));
                }
                seen.extend(given);
            }
        }
        for (order, class) in [("author", FieldClass::People), ("secret", FieldClass::Secret)] {
            let always = plan.sight(table.resource, class) == Sight::Always;
            let refused = new()?.order(order).err().map(|e| said(&e, order));
            if refused != (!always).then(|| nothing_to_order.clone()) {
                return Err(format!("order by {order}, always shown {always}: {refused:?}"));
            }
        }
        let notes = plan.sight(table.resource, FieldClass::Notes) == Sight::Always;
        let expected = newest_first(stored, |row| {
            notes && row.fields[2] == "notes 1" && plan.check(view(table), facts(row))
        });
        let given = all(new()?.search("NOTES 1"), store).await?;
        if given.iter().map(|row| row.id).collect::<Vec<_>>() != expected {
            return Err(format!("searched notes (shown {notes}): {given:?} instead of {expected:?}"));
        }
        // As a page and as a count, by two letters (no index knows those), and by what only other fields hold.
        let page: Page<Given> = text(new()?.search("otes 1").rows(page_size(100)).page(store).await)?;
        let count = text(new()?.search("notes 1").count(store, 100).await)?;
        let short = all(new()?.search("s 1"), store).await?;
        for ids in [page.items, short] {
            if ids.iter().map(|row| row.id).collect::<Vec<_>>() != expected || count != expected.len() {
                return Err(format!("searched notes again: {ids:?} or {count} instead of {expected:?}"));
            }
        }
        if !all(new()?.search("place 1"), store).await?.is_empty() {
            return Err("found by a field that is not searched".into());
        }
        // Wildcards are letters.
        if !all(new()?.search("%1"), store).await?.is_empty()
            || !all(new()?.search("title_1"), store).await?.is_empty()
        {
            return Err("a wildcard found something".into());
        }
        Ok(seen)
    });
    let [no, yes] = refused.get();
    assert!(no > 100 && yes > 100, "filters were hardly tried: {no} refused, {yes} not");
}

/// A cursor serves the person, the rights, the table, the order and the question it was made for, and nothing else.
#[test]
fn a_cursor_serves_only_what_it_was_made_for() {
    let tried = Cell::new(0);
    let shelf = Shelf::new();
    for_worlds(8, |world, dice| {
        let table = TABLES[dice.below(TABLES.len())];
        let stored = rows(world, table);
        for tenant in &world.tenants {
            let plans: Vec<Plan> = tenant.members.iter().map(|m| tenant.plan(m, world.now)).collect();
            for store in shelf.stores() {
                text(shelf.runtime.block_on(fill(&store, table, &stored)))?;
                for plan in &plans {
                    let new =
                        |plan| text(Listing::new(plan, view(table), table)).map(|l| l.rows(page_size(1)));
                    let page: Page<Given> = text(shelf.runtime.block_on(new(plan)?.page(&store)))?;
                    let Some(cursor) = page.next else { continue };
                    tried.set(tried.get() + 1);
                    let try_it = |listing: Listing<'_>, cursor: &str| {
                        let page = listing.after(Some(cursor)).page::<Given>(&store);
                        shelf.runtime.block_on(page).map(|page| page.items.len())
                    };
                    if try_it(new(plan)?, &cursor).is_err() {
                        return Err("its own cursor is refused".into());
                    }
                    let mut others: Vec<Listing<'_>> =
                        vec![text(new(plan)?.order("-at"))?, new(plan)?.search("title")];
                    others.push(text(new(plan)?.order("title"))?);
                    for other in &plans {
                        if other.membership != plan.membership {
                            others.push(new(other)?);
                        }
                    }
                    for other in others {
                        let reaches = other.sql(store.engine()).is_some();
                        if reaches && try_it(other, &cursor).is_ok() {
                            return Err("a cursor served another question".into());
                        }
                    }
                    let mut forged = cursor.clone().into_bytes();
                    let place = dice.clone().below(forged.len());
                    forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
                    let forged = String::from_utf8(forged).map_err(|e| e.to_string())?;
                    if forged != cursor && try_it(new(plan)?, &forged).is_ok() {
                        return Err("a forged cursor was taken".into());
                    }
                }
            }
        }
        Ok(())
    });
    assert!(tried.get() > 20, "hardly any cursor: {}", tried.get());
}
