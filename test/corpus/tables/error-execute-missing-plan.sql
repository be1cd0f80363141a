-- The file is not there.
EXECUTE PLAN '${TMP}/nothing.json';
