-- The tables go with the models; their triggers go with them. What is left are the functions.
DROP FUNCTION integrity_tile_grows() CASCADE;
DROP FUNCTION integrity_tree_grows() CASCADE;
