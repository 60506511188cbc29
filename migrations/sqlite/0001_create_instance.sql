-- What belongs to the installation as a whole: the secret that seals cursors.
create table instance (
  name text primary key,
  value blob not null
);
