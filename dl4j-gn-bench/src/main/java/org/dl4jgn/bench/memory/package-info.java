/**
 * Memory of a process: over many steps, at the peak of a few, over networks that are attached, trained and discarded. {@link
 * org.dl4jgn.bench.memory.ProcessMemory} tells the resident size.
 */
@NullMarked
package org.dl4jgn.bench.memory;

import org.jspecify.annotations.NullMarked;
