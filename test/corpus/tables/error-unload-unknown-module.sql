-- There is no such module.
UNLOAD MODULE nothing;
