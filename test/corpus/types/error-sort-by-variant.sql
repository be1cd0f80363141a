-- Values of VARIANT have no order to sort by.
SELECT * FROM (VALUES (PARSE_JSON('1')), (PARSE_JSON('2'))) AS t (v) ORDER BY v LIMIT 1;
