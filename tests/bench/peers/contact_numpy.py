# contact_numpy.py RAW TABLE - contact table of 198.18.4.0/22 by the hour, from an array of struct flow.
import sys
import numpy as np

flow = np.dtype([("ms", "<u4"), ("sip", "<u4"), ("dip", "<u4"), ("rest", "V20")])
flows = np.memmap(sys.argv[1], dtype=flow, mode="r")
sip, dip = flows["sip"], flows["dip"]
inside = 0xC6120400 >> 10
inbound = (dip >> 10 == inside) & (sip >> 10 != inside)
hour = (flows["ms"][inbound] // 3600000).astype(np.uint64)
# one number a contact: hour, source (32 bits), host (10 bits)
key = hour << np.uint64(42) | sip[inbound].astype(np.uint64) << np.uint64(10)
key |= (dip[inbound] & 1023).astype(np.uint64)
source_hours, hosts = np.unique(np.unique(key) >> np.uint64(10), return_counts=True)
cells = (source_hours >> np.uint64(32)).astype(np.int64) << 11 | hosts
cell, sources = np.unique(cells, return_counts=True)
table = np.column_stack((cell >> 11, cell & 2047, sources))
np.savetxt(sys.argv[2], table, fmt="%d", delimiter=",")
