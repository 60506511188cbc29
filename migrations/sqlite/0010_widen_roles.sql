-- Who wrote a role, and the way from a role to those who hold it.

alter table roles add column created_by blob;
create index assignments_by_role on assignments (organization_id, role_key, membership_id);
