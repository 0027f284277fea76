@NullMarked
package io.millrace.ingress.admission;

import org.jspecify.annotations.NullMarked;
