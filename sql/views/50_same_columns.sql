-- mega_deal, mega_rumor and deal_sheet have the columns of analytics.deal, and so their comments.
DO $$
DECLARE
    relation text;
    attribute record;
BEGIN
    FOREACH relation IN ARRAY ARRAY['mega_deal', 'mega_rumor', 'deal_sheet'] LOOP
        FOR attribute IN
            SELECT a.attname AS name, col_description(a.attrelid, a.attnum) AS comment
            FROM pg_attribute AS a WHERE a.attrelid = 'analytics.deal'::regclass AND a.attnum > 0
        LOOP
            EXECUTE format('COMMENT ON COLUMN analytics.%I.%I IS %L', relation, attribute.name, attribute.comment);
        END LOOP;
    END LOOP;
END
$$;
