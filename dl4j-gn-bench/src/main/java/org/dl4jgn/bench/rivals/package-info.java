/**
 * Rivals that DL4J does not have, as trainers of a DL4J network: {@link
 * org.dl4jgn.bench.rivals.Gaf}, gradient agreement filtering, and {@link org.dl4jgn.bench.rivals.Sqn}, a stochastic
 * quasi-Newton method; and {@link org.dl4jgn.bench.rivals.FullBatchLbfgs}, the library Breeze's L-BFGS on all examples at
 * once. {@link org.dl4jgn.bench.rivals.Trainer} is what they have in common with a network that is
 * trained by its own {@code fit}, so that one loop trains all.
 */
@NullMarked
package org.dl4jgn.bench.rivals;

import org.jspecify.annotations.NullMarked;
