-- Who may do what in this database. Run after every migration; says the whole truth each time.

REVOKE ALL ON SCHEMA news, deal, alert, ops, analytics FROM PUBLIC;
GRANT USAGE ON SCHEMA news, deal, alert, ops, analytics TO dealwire_pipeline;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA news, deal, alert, ops TO dealwire_pipeline;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA news, deal, alert, ops TO dealwire_pipeline;
GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO dealwire_pipeline;
-- What was said, decided and believed is added to, never rewritten.
REVOKE INSERT, UPDATE, DELETE ON ops.migration FROM dealwire_pipeline;
REVOKE UPDATE, DELETE ON deal.claim, deal.judgement FROM dealwire_pipeline;
REVOKE UPDATE ON deal.deal_version FROM dealwire_pipeline;

REVOKE ALL ON ALL TABLES IN SCHEMA news, deal, alert, ops, analytics FROM dealwire_analyst;
GRANT USAGE ON SCHEMA analytics TO dealwire_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO dealwire_analyst;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA analytics FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA analytics TO dealwire_analyst, dealwire_pipeline;
