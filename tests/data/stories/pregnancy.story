# SPDX-License-Identifier: Apache-2.0
# Severe hypertension at 34 weeks, at a clinic in Xiuwen county (修文县): two readings of 168/112, 15 minutes apart.
#
# The CTG is a real one: CTU-UHB 1308, first 30 minutes of a recording during labour at 41 weeks; the mother of that
# record is 36. This patient's age, weeks, pressures, drugs, times and places are made up for the story, so the
# trace is older than the 34 weeks it is played for.
# Road: Xiuwen - G69 - city; points of the schematic road graph.

0:00 open complaint=pregnancy callsign=修文02 age_years=31 sex=2 pregnancy=2 ga_days=238 risk_colour=4 lat=26.8426 lon=106.5886
0:10 milestone what=fmc
0:30 vitals hr=92 spo2=97 rr=18 temp_c=36.7
0:40 finding acvpu=1 observer=crew
0:50 finding severe_symptom=1 observer=crew note=头痛伴视物模糊
1:00 vitals sbp=168 dbp=112
1:30 ctg file=../ctg/ctu_1308_30min.csv minutes=30
16:00 vitals sbp=168 dbp=112 hr=96 spo2=97 rr=19
16:30 medication drug=C07AG01 dose_mg=20 route=iv note=拉贝洛尔
17:00 medication drug=B05XA05 dose_mg=4000 route=iv note=硫酸镁负荷量
18:00 await accepted
19:00 milestone what=left_scene
19:05 position lat=26.8426 lon=106.5886 accuracy_m=15
26:00 position lat=26.8088 lon=106.5703 accuracy_m=20
31:00 vitals sbp=156 dbp=104 hr=90 spo2=97 rr=18 temp_c=36.7
40:00 position lat=26.5985 lon=106.6925 accuracy_m=15
46:00 vitals sbp=150 dbp=100 hr=88
48:00 position lat=26.5985 lon=106.7165 accuracy_m=10
50:00 milestone what=door
53:00 milestone what=handover
54:00 close reason=handed_over
