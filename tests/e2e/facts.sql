-- One line for each fact that another table does not agree with. To be read when nothing is on its way any more.

-- Each version of a visit and of an incident has one change row, and there is none of a version that never was.
WITH entity AS (
    SELECT 'visit' AS topic, id, version FROM visit
     UNION ALL
    SELECT 'incident', id, version FROM incident),
version AS (
    SELECT e.topic, e.id, n AS version FROM entity e, generate_series(1, e.version) AS n),
told AS (
    SELECT topic, entity_id AS id, version, count(*) AS times
      FROM change
     WHERE topic IN ('visit', 'incident')
     GROUP BY topic, entity_id, version)
SELECT format('%s %s: version %s has %s change rows', topic, id, version, coalesce(t.times, 0))
  FROM version v
  FULL JOIN told t USING (topic, id, version)
 WHERE v.id IS NULL OR t.times IS DISTINCT FROM 1;

-- A visit has one audit row for each version: the first creates it, each other one begins where the one before ended, and
-- the last one says what the visit is now.
WITH step AS (
    SELECT entity_id AS id, action, details,
           row_number() OVER of_visit AS number, count(*) OVER (PARTITION BY entity_id) AS numbers,
           lag(details ->> 'to', 1, 'AWAITING') OVER of_visit AS came_from
      FROM audit
     WHERE topic = 'visit'
    WINDOW of_visit AS (PARTITION BY entity_id ORDER BY id))
SELECT format('visit %s: version %s, but %s audit rows', v.id, v.version, count(s.id))
  FROM visit v
  LEFT JOIN step s USING (id)
 GROUP BY v.id, v.version
HAVING count(s.id) <> v.version
 UNION ALL
SELECT format('visit %s: audit row %s of %s is %s %s', s.id, s.number, s.numbers, s.action, s.details)
  FROM step s
  JOIN visit v USING (id)
 WHERE (s.number = 1) <> (s.action = 'create')
    OR (s.number > 2 AND s.details ->> 'from' <> s.came_from)
    OR (s.number > 1 AND s.number = s.numbers
        AND (s.details ->> 'to', (s.details ->> 'entries')::integer, (s.details ->> 'exits')::integer)
            IS DISTINCT FROM (v.status, v.entry_count, v.exit_count));

-- An incident has one audit row for each step of its history, the last of which is its status.
SELECT format('incident %s: %s steps, %s audit rows, %s, history ends with %s', i.id, h.steps, a.rows, i.status, h.last)
  FROM incident i
 CROSS JOIN LATERAL (SELECT count(*) AS steps, (array_agg(status ORDER BY id DESC))[1] AS last
                       FROM incident_history WHERE incident_id = i.id) h
 CROSS JOIN LATERAL (SELECT count(*) AS rows FROM audit WHERE topic = 'incident' AND entity_id = i.id) a
 WHERE h.steps <> a.rows OR h.last IS DISTINCT FROM i.status;

-- What was seen live is told once, and what is told has been sent once.
SELECT format('incident %s, late %s: %s alerts', i.id, i.late, count(a.id))
  FROM incident i
  LEFT JOIN alert a ON a.incident_id = i.id AND a.kind = 'incident_opened'
 GROUP BY i.id
HAVING count(a.id) <> (NOT i.late)::integer
 UNION ALL
SELECT format('alert %s: %s deliveries, %s sent', a.id, count(d.id), count(d.id) FILTER (WHERE d.state = 'sent'))
  FROM alert a
  LEFT JOIN delivery d ON d.alert_id = a.id
 GROUP BY a.id
HAVING count(d.id) <> 1 OR count(d.id) FILTER (WHERE d.state = 'sent') <> 1
 UNION ALL
SELECT format('delivery %s: attempts %s, on record %s, settled well %s', d.id, d.attempts, count(t.number),
              count(t.number) FILTER (WHERE t.outcome = 'sent'))
  FROM delivery d
  LEFT JOIN delivery_attempt t ON t.delivery_id = d.id
 GROUP BY d.id
HAVING d.attempts <> count(t.number) OR count(t.number) FILTER (WHERE t.outcome = 'sent') <> 1;

-- A page of events that was stored has one change row, which names the newest of them.
WITH page AS (
    SELECT terminal_id, received_at AS at, max(id) AS newest FROM access_event GROUP BY terminal_id, received_at)
SELECT format('terminal %s: the page of %s ends with event %s, the change row says %s', coalesce(p.terminal_id, c.entity_id),
              coalesce(p.at, c.at), p.newest, c.version)
  FROM page p
  FULL JOIN (SELECT * FROM change WHERE topic = 'event') c ON (c.entity_id, c.at) = (p.terminal_id, p.at)
 WHERE p.newest IS DISTINCT FROM c.version;

-- A terminal knows how many events it has given, and which was the last; no number is missing.
SELECT format('terminal %s: counts %s events up to %s, stored are %s up to %s', t.name, t.event_count, t.last_serial, e.count,
              e.last)
  FROM terminal t
 CROSS JOIN LATERAL (SELECT count(*) AS count, max(serial) FILTER (WHERE epoch = t.epoch) AS last
                       FROM access_event WHERE terminal_id = t.id) e
 WHERE e.count <> t.event_count OR e.last > t.last_serial;
SELECT format('terminal %s: the numbers from %s to %s are %s', terminal_id, first_serial, last_serial, state)
  FROM serial_gap
 WHERE state <> 'filled';
