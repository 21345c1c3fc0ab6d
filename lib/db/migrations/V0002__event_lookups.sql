-- Lists of events that read all of them: by card, and by a class that is rare.

CREATE INDEX access_event_card ON access_event (card_no, occurred_at) WHERE card_no IS NOT NULL;

-- Passes and locks are everywhere, whatever is asked for; of the others there may be none in a year.
CREATE INDEX access_event_rare ON access_event (class, occurred_at DESC, id DESC)
 WHERE class IN ('denied', 'alarm', 'operation', 'own_noise', 'exception', 'state', 'unknown');
DROP INDEX access_event_denied;
