"""The letters that the screens' fonts can draw, all of them: a table, made from the fonts.

Noto Sans CJK SC and Noto Serif CJK SC, what both have.  A test shapes every letter of it with the
stage's own text engine; a newer edition of the fonts may hold more, and then that test says how to
make the table anew.  Read by `cards.letters`; nobody else.
"""

__all__ = ["PACKED"]

#: Runs of code points, each as two numbers (from the end of the last run to its first, and from
#: there to its last) in groups of seven bits, lowest first; compressed, in base 85.
PACKED = (
    "c-"
    "k$OS%{=p701uH_kLS_wRBZ=RaaM4cUSM*%w+aSGBcSmi!++tY?Bx@688mTgb*T<gk)kiB03O6Bo8LyLmos>1VMcCK}1C"
    "KDK825;0nI@s=sq)x~S^<?sC@u`JYp>Pp&=QiiNh~NTa40b&zdJTid$Snd&8(lSiZ}A+)8d1C0_Tlgm06@^W;&bj}6&>"
    "Ei$NHzWP@!><Hw<-"
    "z}As3d5R6m!W!DeH2A=OentbyhW##J5_L+W$gw*{rjAP_1YkGS&jGUTjKjQgWU{Ky8fNu5x7N>_=qGqblmvSDi&|q=Iu"
    "}ndrO>L(RFazNFe}2Wjd>Is3bihp3s_8zZw$s-"
    "znOZe?0%7U!fJmOHUtmnFSbx>&Z31w)xFwdG3GS5;2yt0DB|oATpKZ(9tPT7T9_ot+C0#Lwk>;S*s$TW=i-"
    "uZ8gPiQE7Fw*I#_eKC9cq1G@veEH^og)5p~&#Q&C&<pWR{k5hn+AE|y<lp-sHq)c&%>ALgpOvNlY9d2fl9Jb0mNjTY+P"
    "K}6aZIcivcOYA&a-lpSa<^G`?4%OZWOvHYqF?|gwS>tq-"
    "14NCWK@tDeOrrt{|f=^X%?<Iu^8+eNL>g9<?jSIUl%x5_uPp017~ZB`ed4vs>Is+Gcl4X7UvG*3rHvcgs0$w&e!-"
    "uuS<Zr6osLiF{j>k8<K1T5B}zamtc(BXXbQUAZ(%;eu2=C)e5Mbgp@r!?PaX=(3k1$t;es5L-"
    "9TEA6Kk8XgzZ6?B1fHLoG3*ReXL4C&X&$R&gvNotYHq~zWzu$;s-"
    "_6m=77nzytB8zB;90_&Y=Ef2H=}Qh6Ti9=TsDV{3X4zc0!EG)b)<<}MOm+ZG4}HX24`?CVU~!R38xny;29M~7PlNnU*h"
    "a>HyKVORcrel_T2|yJtIy!cynINGx%HcTj?u6tRxWwyIvNU)6+DI!ujjF9AcHLEDao=nCwo{uM>Ip)z~?B<VBWW|ImSN"
    "wWmrs;(332#N)_sGwKy~MR=kP7BPGMWgG6zJFMUpQIWv;?RlcQPkOP=?)ZKqxWuz^vPS`SX`!X>OF%)%JZxd7U$4V}Dc"
    "r<3%awAU_&rKp1L0(U8XXgZ1I>_fCd>#==!(5Qtko6h)kvbc^tUUF-"
    "XuoWA;xTVpcG+G9r6tkW0Fi5Gza1=f<Sf#s$oY7*&jKMeJ5A0lla-Tl350jCDB%4`kkfZh68jxK|D>eXKxV<;;>ePRr_"
    "!;UK~bU<3X<4m#~8208GwTs70<Pwy$PTlWo6>#)f8TzvapozV#Z0%?;z{4VhJ@Y7oC(QAb*Yn8TGb{b?5oEM(uz|D0S6"
    "nGYqj5RDtIbMJv?*YA{}3VRaz)$<6LZaQqt~2lkRv?>UG$gFqX|ds2_17c5}XK_}}Ks}JOFu(H7OGI&d@^c({VWWdnZ0"
    "-qi9R7lC)b>of=v`vs^ndwu{#%P<^8Rc@6zbH43<8YJAo|jhwi5aD_r=<$VQkytUNNrcPiy^`W!TLi_s;rc|;~`f+%dG"
    "q=%vee-ryPs)R<<fT+;0M&JS0|*akh5CYsi)+FPzMKlNqxc(CC34$k+{U$zjWlETOaGE4E(h1~U8Xj>+&CaxiCS$m>A8"
    "CEuGA_Xa?khcqI#nvU!6>mj*^S65GSa-ASthi{gc$K+o0uJZmA67Q2Dl05oYL(Q_Jjci4`;cEBHiwrx=<`5dGA$BTy0t"
    ">Aolz?4{d(CS8TG7VTbfPor>L9xv8=(lvF>0;AYIci)8__dS-"
    "=d&&4;=@A)jKLj=_U>EmOL!09)i!yUET+}Vj?^29|n)hUU3%<wiPvTLieeLA$FcZ(>}*PLMFPP+pK@ddRhfuw|JQG{Tx"
    "-k4kt8ZN~eoDu~7k|x&+R+XcHY%1i)r!?_;1<#z>CCay8GR@RS(u1-akTxhA)8=0Q$aFMUp-"
    "P~fUN(6CX%3(DDDIByw=i^!kIF8q7|NmD(`ZR3;&UBd&|H@V7|G7alUM-"
    "P>F6gPKp=xO+Lk^cs(l7x=D@`xm}$AE9w$9qZ8zTB!Oxly5hNI(3n4Egp|IVI+EJ6z96xKNFYo&gev(AWbE^FXGQBP49"
    "o`}P<&Hsmw`9s{v^ppDTrU{=)8kXsu_99TrWFLzkk;kjhJqd79{^Emcg^te{W0sP;IC7Esk+T5j_;%-"
    "T?WB{Q~mV>?;kgZEK<+gGg2p=d4>};z+GV`h75Zp6EX7c`${Pd~fZn;xu#!py1(*?4A7Py{}&9Lljmabxn`1fR=$X+7D"
    "cX(EEdQBqpU%}e*x(*t8tQ6QE<ljmKowf9-)qAN^@H`C%aqt<4tVf-"
    "9F?CBX$m{eZ{21Wbqu`?NbI3fXp1GBW*`b74y@4F{-1Zr>?-"
    "F*@p5@GAd6>>)EcYcit;hea@0Off!J@O+^q4#=uP8KIIgey&sj_CePYvv0(T$W)8x>=K-"
    "=gVQ4>`kH=EIFOd>cS|HePV2bQZb=8Hs%}Jb4p+1TdV|L;9#%t20I%iv@KFU>3k>q6U=#r+=^HeOo?I??TM#Vgo^BaHz"
    "tHKL?;S_2G$$Si8|$Y3WVT(%3573{-Pr7&i<qu~TMPXRW-"
    "gRS4b;oQ<R(ZCIjxFuas%#9$IznYH<b+usLT(Fd=}N7~Z0KILmQ?7V>oJEY-eY`3B{*#~sp2VgoV&A;uf`ixvrjz6!iq"
    "a^1Y5>fy$&J(}3v+e;j93(2gP?r8_n)==)0Fu}s8|0VjQ?v0%53#SQd>u$wQ(Kl76*U*+PMDx3G1eL?pP7x&j3ti|&>X"
    "_H`TB}6-fvajQu6y<Ww*n<DJsu{vpJruMw_5y%_p}$A*BvUa0`T4IQD(^Eg;9-`*a2rpemobZGXzVG({S-"
    "A;y~(`?&L%HzEsua>ko6m>4tMisg}T{=?e*7FS0;wslcf$-"
    "6<`vM&1vg@tl%{iKk$tru%YiPe=Lk2}@X@@@4mcL|N*>To#^e?ARG9XC?({0I3W&YYKry}S#jp{^R53(s!ugRRj(=@_t"
    ";Hh8F<_L6@ZetxL(oh0A4k<J*7FYj5yeS$bVm-JaG<h9_F;tOWfRK9_eCheWzHomL!NA*aS{<E<U1m8DdPvGDgc~89w_"
    "W+i`;IAg*YaoQSkbr7oKU&>%etS5XL?12vXDfY)-"
    "^Dg&R`RB*yQMzn;yp1dNzpd78QiBt3alP~){>u(<v*D`ALR#Y{(C20`-"
    "Kp_hzW<<s4(YyN$p#vmT{Y$Y`iS}2Xp2<*3a8X2ql2H9bF=D*5VsFkiYHf8&UobPzvoG"
)
