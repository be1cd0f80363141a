-- JSON_OBJECTAGG has its keys in order, whatever the order of the rows.
-- compare: fold
SELECT JSON_OBJECTAGG(KEY k VALUE v) AS all_of_them, JSON_OBJECTAGG(KEY k VALUE v ABSENT ON NULL) AS present
FROM (VALUES ('b', 1), ('a', 2), ('10', 3), ('9', 4), ('é', 5), ('B', 6), ('c', CAST(NULL AS INT))) AS t (k, v);
