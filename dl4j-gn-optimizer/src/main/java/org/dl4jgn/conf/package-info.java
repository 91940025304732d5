/** Settings of the optimizers: immutable, validated when built, part of DL4J's JSON and YAML. */
@NullMarked
package org.dl4jgn.conf;

import org.jspecify.annotations.NullMarked;
