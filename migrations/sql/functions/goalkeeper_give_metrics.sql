CREATE OR REPLACE FUNCTION goalkeeper_give_metrics() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO metrics (workspace_id, code, label, unit, kind, numerator, denominator, is_on, position)
    SELECT NEW.id, code, label, unit, CASE WHEN numerator IS NULL THEN 'sum' ELSE 'quotient' END,
           numerator, denominator, is_on, position
    FROM (VALUES
        (1, 'signups', 'Signups', 'count', NULL::text[], NULL::text[], true),
        (2, 'revenue', 'Revenue', 'money', NULL, NULL, true),
        (3, 'deals', 'Deals', 'count', NULL, NULL, true),
        (4, 'leads', 'Leads', 'count', NULL, NULL, false),
        (5, 'opportunities', 'Opportunities', 'count', NULL, NULL, false),
        (6, 'opportunities_won', 'Opportunities won', 'count', NULL, NULL, false),
        (7, 'opportunities_lost', 'Opportunities lost', 'count', NULL, NULL, false),
        (8, 'quotations', 'Quotations', 'count', NULL, NULL, false),
        (9, 'quotations_accepted', 'Quotations accepted', 'count', NULL, NULL, false),
        (10, 'orders', 'Orders', 'count', NULL, NULL, false),
        (11, 'calls', 'Calls', 'count', NULL, NULL, true),
        (12, 'emails', 'Emails', 'count', NULL, NULL, false),
        (13, 'meetings', 'Meetings', 'count', NULL, NULL, true),
        (14, 'site_visits', 'Site visits', 'count', NULL, NULL, false),
        (15, 'bookings', 'Bookings', 'count', NULL, NULL, false),
        (16, 'conversion_rate', 'Conversion rate', 'percent', '{orders}', '{leads}', false),
        (17, 'win_rate', 'Win rate', 'percent', '{opportunities_won}', '{opportunities_won,opportunities_lost}', false),
        (18, 'quotation_acceptance', 'Quotation acceptance', 'percent', '{quotations_accepted}', '{quotations}', false),
        (19, 'average_deal', 'Average deal', 'money', '{revenue}', '{orders}', false)
    ) AS usual (position, code, label, unit, numerator, denominator, is_on);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_give_metrics() IS 'Gives a new workspace the usual catalogue of metrics.';
