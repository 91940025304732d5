/** Trainings under bad luck: killed processes, very many steps; each says what it did and whether it held. */
@NullMarked
package org.dl4jgn.bench.soak;

import org.jspecify.annotations.NullMarked;
