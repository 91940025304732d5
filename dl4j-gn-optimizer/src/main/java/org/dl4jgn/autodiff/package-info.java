/** Forward-mode differentiation for SameDiff, which has reverse mode only. */
@NullMarked
package org.dl4jgn.autodiff;

import org.jspecify.annotations.NullMarked;
