-- A page of somebody's sites is found in the index alone: it holds what their client guard and the usual filter ask.
drop index incidents_by_site;
drop index incidents_by_client;
drop index incidents_by_area;
drop index incidents_by_team;
create index incidents_by_site on incidents (organization_id, site_id, visibility, occurred_at desc, id desc, client_id, archived);
create index incidents_by_client on incidents (organization_id, client_id, visibility, occurred_at desc, id desc, archived);
create index incidents_by_area on incidents (organization_id, area_id, visibility, occurred_at desc, id desc, archived);
create index incidents_by_team on incidents (organization_id, team_id, visibility, occurred_at desc, id desc, archived);
