-- The job is not there.
STOP JOB '6b1af540c0c0bb3fcfcad50ac037c862';
