//! The Service pack.

use super::*;

#[test]
fn service_pack() {
    for key in ["master_administrator", "client_administrator"] {
        let plan = plan(&[key]);
        may(
            &plan,
            "account.create contractor.create work_order.assign invoice.view work_order.view equipment.view \
            site.view account.invite",
            &next_door(),
        );
        may_not(&plan, "account.view work_order.view invoice.view site.view", &elsewhere());
        never(&plan, "site.create site.edit invoice.create role.create work_order.delete");
    }
    let manager = plan(&["site_manager"]);
    may(
        &manager,
        "work_order.view equipment.view inspection.view service_record.view account.create",
        &there(),
    );
    may_not(&manager, "work_order.view equipment.view account.view", &next_door());
    never(&manager, "contractor.create work_order.assign invoice.view");
    let trusted = plan(&["site_manager", "guest_manager"]);
    may(&trusted, "work_order.assign", &there());
    may(&trusted, "contractor.create worker.create", &natural(Resource::Contractor));
    may_not(
        &trusted,
        "contractor.create",
        &Facts { client: Some(OTHER_CLIENT), ..natural(Resource::Contractor) },
    );

    // "Exactly one site, own; sees no other user or record."
    let basic = plan(&["basic_user"]);
    may(&basic, "work_order.create site.view", &there());
    may(&basic, "work_order.view", &mine());
    may_not(&basic, "work_order.view", &there());
    may_not(&basic, "work_order.view", &Facts { requester: None, ..mine() });
    may_not(&basic, "work_order.create", &next_door());
    nothing_but(&basic, "site.view work_order.create work_order.view notification.view notification.edit");

    // "Jobs assigned to them at named sites of that client."
    let guest = plan(&["guest_contractor"]);
    may(
        &guest,
        "work_order.view work_order.edit service_record.create inspection.create site.view",
        &there(),
    );
    let others_job = Facts { team: Some(OTHER_TEAM), ..there() };
    may_not(&guest, "work_order.view work_order.edit inspection.view service_record.view", &others_job);
    may_not(&guest, "work_order.view", &Facts { client: Some(OTHER_CLIENT), ..there() });
    may(&guest, "worker.create account.create", &there());
    assert!(!guest.shows(Resource::WorkOrder, FieldClass::Prices, &there()));
    assert!(!guest.shows(Resource::WorkOrder, FieldClass::Operational, &there()));
    let technician = plan(&["guest_technician"]);
    may(&technician, "work_order.view work_order.close", &Facts { assignee: Some(ME), ..there() });
    may_not(&technician, "work_order.view work_order.close", &Facts { requester: Some(ME), ..there() });
    never(&technician, "account.create worker.create work_order.assign");
}
