/**
 * Data sets: where their files are, how they are fetched, read and checked. Whatever is wrong with a file becomes a
 * {@link org.dl4jgn.bench.data.DataException} whose message is one sentence for the user.
 */
@NullMarked
package org.dl4jgn.bench.data;

import org.jspecify.annotations.NullMarked;
