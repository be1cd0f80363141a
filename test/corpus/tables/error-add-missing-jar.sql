-- The jar is not there.
ADD JAR '/tmp/there-is-no-such.jar';
