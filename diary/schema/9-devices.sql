-- However a session ends: what hung on it is reminded no more.
create trigger devices_leave after update of ended_at on sessions when new.ended_at is not null
begin
  delete from devices where session = new.id;
end;
