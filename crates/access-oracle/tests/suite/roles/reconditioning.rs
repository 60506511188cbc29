//! The Reconditioning pack.

use super::*;

#[test]
fn reconditioning_staff() {
    let accountant = plan(&["accountant"]);
    may(
        &accountant,
        "invoice.create invoice.edit commission.edit work_order.edit timesheet.approve",
        &elsewhere(),
    );
    never(&accountant, "organization.edit feature.edit role.edit account.create assignment.create");
    let reader = plan(&["work_manager_read_only"]);
    let view = |p: &Permission| matches!(p.action(), Action::View | Action::People);
    assert_eq!(Permission::all().filter(|p| reader.may_ever(*p) && !view(p)).count(), 0, "view only");
    may(&reader, "work_order.view inspection.view", &elsewhere());
    for (key, here, there_not) in [
        ("technician", there(), next_door()),
        ("team_work_manager", there(), next_door()),
        ("team_administrator", there(), next_door()),
        ("area_work_manager", there(), next_door()),
        ("area_administrator", there(), next_door()),
    ] {
        let plan = plan(&[key]);
        may(&plan, "work_order.view work_order.edit report.view", &here);
        may_not(&plan, "work_order.view work_order.edit report.view", &there_not);
        may_not(&plan, "work_order.view", &Facts { team: None, area: None, ..here });
    }
    never(&plan(&["team_work_manager"]), "account.create assignment.create team.edit");
    never(&plan(&["area_work_manager"]), "account.create assignment.create area.edit");
    may(&plan(&["team_administrator"]), "account.create assignment.create worker.edit", &there());
    may(&plan(&["area_administrator"]), "account.create assignment.create site.edit", &there());
}

#[test]
fn reconditioning_clients() {
    let inspector = plan(&["client_inspector"]);
    may(&inspector, "inspection.view inspection.decide", &next_door());
    may_not(&inspector, "inspection.view inspection.decide", &elsewhere());
    may_not(&inspector, "inspection.decide", &at(Visibility::Submitted));
    never(&inspector, "work_order.edit inspection.edit invoice.view");
    let monitor = plan(&["client_monitor_manager"]);
    may(&monitor, "monitor.view monitor.edit work_order.edit", &next_door());
    let mut off = holder(&["client_monitor_manager"]);
    off.features = [Feature::Reconditioning].into_iter().collect();
    never(&off.compile(Timestamp::UNIX_EPOCH), "monitor.view monitor.edit");
    let sales = plan(&["sales_person"]);
    may(&sales, "commission.view commission.prices", &mine());
    may_not(&sales, "commission.view", &next_door());
    nothing_but(&sales, "commission.view commission.prices notification.view notification.edit");
    let board = plan(&["sales_person_monitor_manager"]);
    may(&board, "monitor.view work_order.view", &mine());
    may_not(&board, "monitor.view work_order.view", &next_door());
    // "May serve several clients."
    let mut several = holder(&["recon_client"]);
    several.clients.push(ClientId::from_uuid(OTHER_CLIENT));
    several.assignments[0].targets.push(Target::Client(ClientId::from_uuid(OTHER_CLIENT)));
    may(&several.compile(Timestamp::UNIX_EPOCH), "invoice.view work_order.view", &elsewhere());
}

#[test]
fn reconditioning_employees() {
    let employee = plan(&["employee"]);
    may(&employee, "work_order.view work_order.edit inspection.create", &there());
    never(&employee, "inspection.approve work_order.approve inspection.decide");
    may_not(&employee, "timesheet.view", &there());
    may(&employee, "timesheet.view", &mine());
    let inspector = plan(&["inspector"]);
    may(&inspector, "inspection.approve work_order.approve", &there());
    may_not(&inspector, "timesheet.view inspection.approve", &next_door());
    let manager = plan(&["manager"]);
    may(&manager, "timesheet.view inspection.approve work_order.approve work_order.assign", &elsewhere());
    assert!(!manager.opens(Portal::Office));
}
