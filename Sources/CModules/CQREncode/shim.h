// libqrencode as Swift can call it.
#ifndef APUS_CQRENCODE_H
#define APUS_CQRENCODE_H

#include <qrencode.h>

#endif
