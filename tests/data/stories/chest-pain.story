# SPDX-License-Identifier: Apache-2.0
# Chest pain at a clinic in Kaiyang county (开阳县), taken to the city after a hospital accepted.
#
# The ECG is a real one: Philips sample 129DYPRG, a man of 50 with an acute inferior infarction (by the recorder's own
# reading) and a rate of 41. So this patient is a man of 50 too. Nobody in this story says that it is an infarct before it is
# measured: the server finds it in the recording, raises the alert, and the physician's reading at 4:05 confirms it.
# His numerics are those of other people (BIDMC 04 and 09) and do not fit his rate; cuff pressures, temperatures, drugs,
# times and places are made up.
# Road: Kaiyang - Nanjiang - Yangchang - city centre; points of the schematic road graph.

0:00 open complaint=chest_pain callsign=开阳01 age_years=50 sex=1 lat=27.0613 lon=106.9612
0:10 milestone what=fmc
0:20 finding chest_pain=1 observer=crew note=胸骨后压榨样疼痛2小时
0:40 vitals sbp=140 dbp=80 temp_c=36.6
0:45 finding acvpu=1 observer=crew
0:50 finding on_oxygen=0 observer=crew
1:00 vitals file=../vitals/bidmc_04_Numerics.csv every=10 seconds=120
2:00 milestone what=ecg
2:00 ecg record=../ecg/philips/129DYPRG seconds=10 lane=snapshot
4:00 milestone what=ecg_read
4:05 finding st_elevation_confirmed=1 observer=physician note=下壁导联ST段抬高
4:20 medication drug=B01AC06 dose_mg=300 route=oral note=阿司匹林嚼服
4:30 vitals sbp=136 dbp=78
5:00 await accepted
6:00 milestone what=left_scene
6:05 position lat=27.0613 lon=106.9612 accuracy_m=15
6:10 vitals file=../vitals/bidmc_09_Numerics.csv every=30 seconds=450
10:00 ecg record=../ecg/philips/129DYPRG seconds=10 lane=bulk
12:00 position lat=26.95 lon=106.95 accuracy_m=20
12:30 vitals sbp=132 dbp=76
20:00 position lat=26.8747 lon=106.91 accuracy_m=20
24:00 position lat=26.83 lon=106.915 accuracy_m=20
25:00 absent field=spo2 why=probe_off
25:40 vitals spo2=94 hr=80
34:00 vitals sbp=134 dbp=78 hr=82 rr=18 temp_c=36.7
44:00 position lat=26.5985 lon=106.7165 accuracy_m=12
52:00 position lat=26.585 lon=106.7095 accuracy_m=10
55:00 milestone what=door
58:00 milestone what=handover
59:00 close reason=handed_over
