/** What the examples on images share: data files, and a training with progress. */
@NullMarked
package org.dl4jgn.examples.images;

import org.jspecify.annotations.NullMarked;
