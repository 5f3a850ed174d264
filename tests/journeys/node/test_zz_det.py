from tests.journeys.node.test_trace import *
def test_det(trace):
    a,b=trace(nothing),trace(nothing)
    print(len(a),len(b))
    for i,(x,y) in enumerate(zip(a,b)):
        if x!=y: print(i,x.method,x.url,[(p,q) for p,q in zip(x.headers,y.headers) if p!=q][:2], x.body==y.body, len(x.body),len(y.body))
        else: print(i,'same',x.method,x.url)
    assert 0
