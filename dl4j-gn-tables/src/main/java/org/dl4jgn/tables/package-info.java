/**
 * A user's table as the numbers that a network takes: {@link org.dl4jgn.tables.Table} reads the file,
 * {@link org.dl4jgn.tables.EncodedTable} has the rules for its columns. Whatever is wrong with a file becomes a
 * {@link org.dl4jgn.tables.DataException} whose message is one sentence for the user.
 */
@NullMarked
package org.dl4jgn.tables;

import org.jspecify.annotations.NullMarked;
