/**
 * The optimizers that are compared. A {@link org.dl4jgn.bench.optimizer.Contender} is one with all its settings; an
 * {@link org.dl4jgn.bench.optimizer.OptimizerKind} makes contenders from what a user writes, such as
 * {@code sgn:10,damping=1e-3}, and knows what is tuned. A new optimizer is a new kind, entered in
 * {@link org.dl4jgn.bench.optimizer.Optimizers}.
 */
@NullMarked
package org.dl4jgn.bench.optimizer;

import org.jspecify.annotations.NullMarked;
