-- A query alone has no plan to keep.
COMPILE PLAN '${TMP}/plan.json' FOR SELECT 1;
