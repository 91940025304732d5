/**
 * A user's own SameDiff graph as what the optimizers minimize: {@link org.dl4jgn.samediff.SameDiffResiduals} for least squares
 * to the last digit.
 *
 * <p>Graphs are copied before anything is added to them; the user's gets new values of its trainable variables and nothing
 * else.
 */
@NullMarked
package org.dl4jgn.samediff;

import org.jspecify.annotations.NullMarked;
