DROP FUNCTION goalkeeper_days_until(timestamptz, text);
DROP FUNCTION goalkeeper_deadline(integer, integer, text, integer, date);
DROP FUNCTION goalkeeper_local_instant(timestamp, text);
DROP FUNCTION goalkeeper_offset(timestamptz, text);
DROP FUNCTION goalkeeper_now();
