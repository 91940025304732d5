/**
 * Data sets: where their files are, how they are fetched and checked. Whatever is wrong with a file becomes a
 * {@link org.dl4jgn.tables.DataException} whose message is one sentence for the user; tables are read by
 * {@code org.dl4jgn.tables}, which the examples use too.
 */
@NullMarked
package org.dl4jgn.bench.data;

import org.jspecify.annotations.NullMarked;
